/**
 * What the HTTP API needs from the rest of the control plane. It is given these and nothing else.
 */
import type { ApiCalled } from '../../proxy/gate/control-record.ts';
import type { IdentityPort } from '../../proxy/gate/ports.ts';
import type { JournalEntry } from '../../proxy/gate/record.ts';
import type { AnswerLinks } from '../approvals/answer-links.ts';
import type { ApprovalDesk } from '../approvals/desk-contract.ts';
import type { SealedSecrets } from '../credentials/sealed-secrets.ts';
import type { RecentDecisions } from '../decisions/recent-decisions.ts';
import type { TryDecision } from '../decisions/try-decision.ts';
import type { ApiKeys } from '../identity/api-keys.ts';
import type { Connections } from '../identity/connections.ts';
import type { ConsentDesk } from '../identity/consents.ts';
import type { TokenExchange } from '../identity/exchange.ts';
import type { LoginOption } from '../identity/login-offer.ts';
import type { PersonSessions } from '../identity/person-session.ts';
import type { IdentityRegistry } from '../identity/registry.ts';
import type { RevokeToken } from '../identity/revoke-token.ts';
import type { SamlSignIn } from '../identity/saml/saml-sign-in.ts';
import type { Notifier } from '../notify/notifier.ts';
import type { SlackAnswers } from '../notify/slack-answers.ts';
import type { PolicyStatus } from '../policies/policy-holder.ts';
import type { EndSession } from '../sessions/end-session.ts';
import type { SessionSummary } from '../sessions/session-index.ts';
import type { ApiRoles } from './roles.ts';

/** Each part `ok` or one sentence on what is wrong. */
export interface HealthReport {
  readonly healthy: boolean;
  readonly checks: Readonly<
    Record<'journal' | 'store' | 'policy' | 'issuers' | 'credentials', string>
  >;
}

export interface ListenerFacts {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
}

export interface SessionReader {
  list(): readonly SessionSummary[];
  find(id: string): SessionSummary | undefined;
  /** Entries of one session in their order, at most `limit`. */
  records(id: string, limit: number): Promise<readonly JournalEntry[]>;
}

/** People who sign in with a provider. */
export interface SignInPorts {
  readonly people: Pick<PersonSessions, 'byIdToken'>;
  readonly saml: SamlSignIn | undefined;
  readonly offer: readonly LoginOption[];
  /** Where people and browsers reach this API, without a slash at the end; its own address when undefined. */
  readonly url: string | undefined;
}

/** How people are told of requests, and how they answer without a token. */
export interface NoticePorts {
  readonly links: AnswerLinks;
  readonly slack: SlackAnswers;
  readonly notifier: Notifier;
}

export interface ApiPorts {
  readonly version: string;
  readonly identities: IdentityPort;
  readonly consents: ConsentDesk;
  readonly exchange: TokenExchange;
  readonly connections: Connections;
  readonly apiKeys: ApiKeys;
  readonly secrets: SealedSecrets;
  /** Where clients of a protocol connect, and whether they must encrypt; undefined where it is not served. */
  readonly listener: (protocol: 'postgres' | 'http') => ListenerFacts | undefined;
  readonly endSession: EndSession;
  readonly signIn: SignInPorts;
  readonly desk: ApprovalDesk;
  /** Nobody is told, and there are no links, when left out. */
  readonly notices?: NoticePorts;
  readonly sessions: SessionReader;
  readonly policy: () => PolicyStatus;
  readonly health: () => Promise<HealthReport>;
  /** True while connections are accepted. */
  readonly isReady: () => boolean;
  readonly metrics: () => Promise<{ readonly type: string; readonly body: string }>;
  /** Revokes a token and ends the sessions that were opened with it. */
  readonly revokeToken: RevokeToken;
  /** Names the API may be asked by, besides IP addresses and `localhost`. */
  readonly hosts: readonly string[];
  readonly registry: IdentityRegistry;
  readonly decisions: Pick<RecentDecisions, 'list'>;
  readonly tryDecision: TryDecision;
  readonly roles: ApiRoles;
  /** Writes to the journal; rejects where that is not possible, and the call is then not answered. */
  readonly record: (entry: ApiCalled) => Promise<unknown>;
  readonly limits: { readonly bodyBytes: number; readonly requestsPerMinute: number };
  /** Told of a fault inside a handler. */
  readonly onFault: (error: unknown) => void;
  readonly nowMs: () => number;
}
