/**
 * What the data plane needs from outside, declared by the consumer. `control` implements the identity, approval and secret
 * ports; `proxy/journal` implements the journal port; `engine` the decision port. Clocks and randomness come in here too.
 *
 * It must not import storage, HTTP API or configuration.
 */
import type { Decision } from '../../engine/contract/decision.ts';
import type {
  GrantInput,
  IdentityInput,
  PolicyInput,
  ResourceInput,
} from '../../engine/contract/input.ts';
import type { ApprovalEvidence } from './evidence.ts';
import type { JournalEntry, RecordId } from './record.ts';
import type { Refusal } from './refusal.ts';

/** A credential as the client presented it on its own wire. Never journalled, never printed. */
export interface Credential {
  readonly kind: 'bearer';
  readonly token: string;
  /** Which keys the client proved to hold, for tokens that are bound to one (`cnf`). */
  readonly proof?: KeyProof;
}

/** What a client showed of its keys on its own wire. A protocol reports it and judges nothing. */
export interface KeyProof {
  /** SHA-256 of the client's TLS certificate in DER, base64url (RFC 8705). */
  readonly certificate?: string;
  /** A DPoP proof and the request it came with, the URL without query (RFC 9449). */
  readonly dpop?: { readonly proof: string; readonly method: string; readonly url: string };
}

export interface IdentityPort {
  /**
   * Who holds this credential. Refuses with `identity/...` codes; never throws for a bad one. `resource` is what it is presented
   * for: an identity that may not reach it is refused.
   */
  identify(credential: Credential, resource?: string): Promise<IdentityInput | Refusal>;
}

/** A target as configured: what the policy sees of it, and where and how to reach it. */
export interface Target {
  readonly resource: ResourceInput;
  /** Policy packages that guard it, `allow` needed from each that defines it. */
  readonly policies: readonly string[];
  readonly upstream: Upstream;
}

export type Upstream = PostgresUpstream | HttpUpstream;

export interface PostgresUpstream {
  readonly kind: 'postgres';
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  /** Where the name is fetched together with the password; `user` is empty then. */
  readonly userSecret?: SecretRef;
  /** Undefined where the server asks for none (`trust`). */
  readonly password: SecretRef | undefined;
  /** Accounts by who connects, instead of `user` and `password`: the first that matches; nobody else gets in. */
  readonly accounts?: readonly AccountRule[];
  /** Roles taken at sign-in by who connects: the first that matches; nobody else gets in. */
  readonly roles?: readonly RoleRule[];
  /** `require` encrypts; `verify-full` also checks the certificate and name. */
  readonly tls: 'disable' | 'prefer' | 'require' | 'verify-full';
  /** PEM of the authority for `verify-full`; the system's when undefined. */
  readonly ca: string | undefined;
}

/** Whom a rule is for: any of these subjects or groups; everybody when both are empty. */
export interface IdentityMatch {
  /** Only those whom this issuer vouches for; of anybody when left out. */
  readonly issuer?: string;
  readonly subjects: readonly string[];
  readonly groups: readonly string[];
}

export interface AccountRule extends IdentityMatch {
  /** May hold `{subject}`, `{principal}` and `{email}`. */
  readonly user: string;
  /** Where the name is fetched together with the password; `user` is empty then. */
  readonly userSecret?: SecretRef;
  readonly password: SecretRef | undefined;
}

export interface RoleRule extends IdentityMatch {
  /** May hold `{subject}`, `{principal}` and `{email}`. */
  readonly role: string;
}

export interface HttpUpstream {
  readonly kind: 'http';
  /** `http://host:port` or `https://...`, with an optional base path. */
  readonly url: string;
  /** The header that carries the target's own credential, e.g. `authorization`, and its value. */
  readonly inject: readonly { readonly header: string; readonly value: SecretRef }[];
  readonly ca: string | undefined;
}

/** A handle on a secret; the value is fetched when it is used and is held in memory only. */
export interface SecretRef {
  readonly id: string;
}

export interface SecretPort {
  /**
   * The values of secrets that belong together (a user and its password), of one moment. Throws a coded `ProxyError`
   * (`secret/unavailable`) when they cannot be had. What was borrowed is kept alive at its source until it is released.
   */
  borrow(secrets: readonly SecretRef[]): Promise<BorrowedSecrets>;
}

export interface BorrowedSecrets {
  /** In the order they were asked for. */
  readonly values: readonly string[];
  /** The target did not accept them: true when others are to be had now, which the next `borrow` gives. */
  refused(): Promise<boolean>;
  /** What was opened with them has ended. Idempotent. */
  release(): void;
}

export interface TargetPort {
  /** The target of this name, or undefined. */
  find(name: string): Target | undefined;
}

export interface DecisionPort {
  /** Pure; never throws: an evaluation error is a `block` with code `policy-error`. */
  decide(policies: readonly string[], input: PolicyInput): Decision;
}

/** What an approver is shown and what a grant is bound to. */
export interface ApprovalRequest {
  readonly sessionId: string;
  readonly identity: IdentityInput;
  readonly resource: ResourceInput;
  /** The exact text the client sent (bounded for display; the digest covers all of it). */
  readonly text: string;
  readonly digest: string;
  readonly demand: Decision['approvals'][number];
  readonly revision: string;
  /** Why the client says it does this. */
  readonly reason: string | undefined;
  /** The instant of the decision that asks; the request expires by it. Milliseconds since the epoch. */
  readonly decidedAtMs: number;
  readonly evidence: ApprovalEvidence;
}

export type ApprovalOutcome =
  | { readonly kind: 'granted'; readonly grant: Grant }
  | { readonly kind: 'denied'; readonly by: string; readonly note: string | undefined }
  | { readonly kind: 'expired' }
  | { readonly kind: 'cancelled' };

/** A yes, bound to what was approved. The gate checks every field again when the action is executed. */
export interface Grant extends GrantInput {
  readonly subject: string;
  readonly actors: readonly string[];
  /** The whole chain of identities it was given to, issuers included, as `principalOf` writes it. */
  readonly principal: string;
  readonly resource: string;
  readonly sessionId: string;
  /** Binds a `statement` grant; `session` and `duration` grants hold for any statement that demands the same code. */
  readonly digest: string;
  readonly revision: string;
  /** Milliseconds since the epoch. */
  readonly expiresAtMs: number;
  /** Executions left: 1 for `statement`. */
  readonly uses: number;
  /** The demand of the request that was approved: the grant holds for no demand with other approvers or a larger quorum. */
  readonly answers: Decision['approvals'][number];
}

/** A request for approval that is open. */
export interface PendingApproval {
  readonly id: string;
  /** Settles when answered, expired, or `signal` aborts (`cancelled`: the request is withdrawn). */
  wait(signal: AbortSignal): Promise<ApprovalOutcome>;
}

export interface ApprovalPort {
  /** Grants that may apply to this identity, resource and session now. */
  grants(scope: {
    readonly subject: string;
    readonly actors: readonly string[];
    readonly resource: string;
    readonly sessionId: string;
  }): Promise<readonly Grant[]>;
  /**
   * Asks for approval. `id` is known before anyone answers, so that the client can be told what it waits for. Refuses when the
   * identity may open no further request.
   */
  request(request: ApprovalRequest): Promise<PendingApproval | Refusal>;
  /** Uses a grant up by one; false when it no longer holds (revoked, expired, used): the action is then blocked. */
  spend(grantId: string): Promise<boolean>;
}

export interface JournalPort {
  /**
   * Appends; resolves when the entry has reached the given durability. Rejects with a coded `ProxyError` (`journal/unavailable`) when it
   * cannot be written: the caller blocks the action.
   */
  append(entry: JournalEntry, durability: Durability): Promise<RecordId>;
}

/** `written`: in the operating system, fsynced within 10 ms. `synced`: fsynced before it resolves. */
export type Durability = 'written' | 'synced';

export interface Clock {
  /** Nanoseconds since the epoch. */
  nowNs(): bigint;
}

export interface GatePorts {
  readonly identities: IdentityPort;
  readonly targets: TargetPort;
  readonly decisions: DecisionPort;
  readonly approvals: ApprovalPort;
  readonly journal: JournalPort;
  readonly clock: Clock;
  /** A fresh, unguessable identifier. */
  readonly newId: () => string;
}
