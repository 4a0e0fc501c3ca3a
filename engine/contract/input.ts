/**
 * What a policy sees: the `input` document. These types and the JSON Schemas beside this file (`input.*.schema.json`) say the
 * same thing; a test holds them together. Names are the public contract.
 */

export type ActionClass = 'read' | 'write' | 'ddl' | 'privilege' | 'admin' | 'session' | 'unknown';
export type ActionKind = 'sql' | 'http' | 'kubernetes' | 'shell' | 'ssh' | 'aws' | 'mcp' | 'api';

export interface CredentialInput {
  readonly id: string;
  readonly type: 'oidc' | 'certificate' | 'api-key' | 'session';
  /** RFC 3339, UTC. */
  readonly issued_at: string;
  readonly expires_at: string;
  /** True when the credential is bound to a key the client proved to hold (DPoP, mTLS). */
  readonly bound: boolean;
}

export interface IdentityInput {
  readonly subject: string;
  readonly name: string;
  readonly email?: string;
  readonly kind: 'human' | 'agent' | 'service';
  readonly groups: readonly string[];
  readonly scopes: readonly string[];
  readonly claims: Readonly<Record<string, unknown>>;
  readonly issuer: string;
  readonly credential: CredentialInput;
  readonly mfa: boolean;
  /** Whom an agent acts for. */
  readonly on_behalf_of?: IdentityInput;
  /** Subjects of the actor chain (RFC 8693 `act`), outermost first. */
  readonly actors: readonly string[];
}

export interface ResourceInput {
  readonly name: string;
  readonly type: 'postgres' | 'mysql' | 'ssh' | 'kubernetes' | 'http' | 'aws' | 'mcp' | 'api';
  readonly labels: Readonly<Record<string, string>>;
  readonly database?: string;
  readonly user?: string;
}

export interface SessionInput {
  readonly id: string;
  readonly started_at: string;
  readonly client: {
    readonly ip: string;
    readonly application: string;
    readonly fingerprint: string;
  };
  readonly reason?: string;
  /** Actions so far. */
  readonly actions: number;
  /** Rows returned so far. */
  readonly rows: number;
}

export interface GrantInput {
  readonly id: string;
  readonly code: string;
  readonly scope: 'statement' | 'session' | 'duration';
  readonly approvers: readonly string[];
  readonly expires_at: string;
}

export interface ContextInput {
  readonly now_ns: number | bigint;
  /** RFC 3339, UTC. */
  readonly time: string;
  /** `Monday` ... `Sunday`, UTC. */
  readonly weekday: string;
  /** 0-23, UTC. */
  readonly hour: number;
  readonly grants: readonly GrantInput[];
}

export type TableAccess = 'read' | 'write' | 'create' | 'alter' | 'drop';

export interface SqlTable {
  /** Empty when the text does not qualify the name. */
  readonly schema: string;
  readonly name: string;
  readonly alias?: string;
  readonly access: TableAccess;
  /** The view this table is read through. */
  readonly via?: string;
}

export interface SqlFunction {
  readonly schema?: string;
  readonly name: string;
  readonly volatile?: boolean;
}

export interface SqlStatement {
  /** Upper case, `SELECT`, `CREATE TABLE AS`, `COPY FROM`. */
  readonly verb: string;
  /** `verb`, then those of the statements that run inside it: `SELECT`, `DELETE` for a SELECT over a deleting WITH. */
  readonly verbs: readonly string[];
  /** The most consequential effect of the statement. */
  readonly class: ActionClass;
  readonly text: string;
  readonly tables: readonly SqlTable[];
  /** Column names as written (`column`, `table.column`, `*`, `table.*`). `filtered` decide rows, groups or order. */
  readonly columns: {
    readonly read: readonly string[];
    readonly written: readonly string[];
    readonly filtered: readonly string[];
  };
  readonly functions: readonly SqlFunction[];
  /**
   * Whether a WHERE restricts it: for a statement that runs UPDATEs and DELETEs, also inside it, whether each of them has one.
   * False for INSERT and utility statements.
   */
  readonly where: boolean;
  readonly limit: boolean;
  readonly returning: boolean;
  /** Target of `SELECT INTO` / `CREATE TABLE AS`. */
  readonly into?: string;
  readonly copy?: {
    readonly direction: 'from' | 'to';
    readonly program: boolean;
    readonly file: boolean;
  };
  readonly settings: readonly { readonly name: string; readonly value: string }[];
  readonly roles: readonly string[];
  /** True when what runs cannot be seen in the text (`DO`, `CALL`, `EXECUTE` of an unknown statement). */
  readonly opaque: boolean;
}

export interface SqlInput {
  readonly dialect: 'postgres' | 'mysql';
  readonly statements: readonly SqlStatement[];
  readonly in_transaction: boolean;
  readonly prepared?: boolean;
  /** Parameters as text; `null` for NULL and `{"base64": "..."}` for a binary one. */
  readonly parameters?: readonly (string | null | { readonly base64: string })[];
}

export interface HttpInput {
  readonly method: string;
  /** Canonical: percent-decoded once, dot segments resolved, no empty segments. */
  readonly path: string;
  readonly segments: readonly string[];
  readonly query: Readonly<Record<string, readonly string[]>>;
  /** Lower-case names; credentials removed. */
  readonly headers: Readonly<Record<string, string>>;
  readonly host: string;
  /** Parsed JSON or form, bounded. */
  readonly body?: unknown;
  readonly websocket: boolean;
}

/** What the gateway's own API is asked for. */
export type ApiOperation =
  | 'approvals.list'
  | 'approvals.read'
  | 'approvals.answer'
  | 'approvals.escalate'
  | 'approvals.withdraw'
  | 'approvals.revoke'
  | 'sessions.list'
  | 'sessions.read'
  | 'sessions.end'
  | 'policies.read'
  | 'decisions.list'
  | 'decisions.try'
  | 'identities.read'
  | 'identities.list'
  | 'agents.list'
  | 'credentials.list'
  | 'credentials.create'
  | 'credentials.revoke'
  | 'credentials.rotate'
  | 'notifications.list'
  | 'notifications.retry'
  | 'tokens.revoke'
  | 'tokens.revoke-any'
  | 'consents.list'
  | 'consents.list-all'
  | 'consents.grant'
  | 'consents.end'
  | 'consents.end-any';

/** What a call of the API is about; ownership is for policies to read off it. */
export interface ApiObject {
  readonly kind: 'session';
  readonly id: string;
  readonly subject: string;
  readonly on_behalf_of?: string;
  readonly resource?: string;
}

export interface ApiInput {
  readonly operation: ApiOperation;
  /** Absent where the gateway asks before it knows of one. */
  readonly object?: ApiObject;
}

interface ActionBase {
  /** `SELECT`, `GET`, `get`, `exec`. */
  readonly verb: string;
  readonly class: ActionClass;
  /** What the client sent, as text, bounded. */
  readonly text?: string;
  /** `sha256:` and 64 hex digits over the exact bytes of the action, parameters included. */
  readonly digest: string;
}

/** Facts only: what is about to happen, as a protocol folder described it. */
export type ActionInput = ActionBase &
  (
    | { readonly kind: 'sql'; readonly sql: SqlInput }
    | { readonly kind: 'http'; readonly http: HttpInput }
    | { readonly kind: 'api'; readonly api: ApiInput }
  );

export interface PolicyInput {
  readonly identity: IdentityInput;
  readonly resource: ResourceInput;
  readonly session: SessionInput;
  readonly action: ActionInput;
  readonly context: ContextInput;
}
