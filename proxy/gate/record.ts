/**
 * What the journal holds: one closed union of entries, JSON-serialisable, written by the gate only. Secrets and credentials
 * have no field here.
 */
import type { Decision } from '../../engine/contract/decision.ts';
import type { ActionInput, IdentityInput, ResourceInput } from '../../engine/contract/input.ts';
import type { ApiCalled, ApprovalStep, SecretEvent, SessionEnded } from './control-record.ts';

/** Names a record in the journal: segment number and index of the record in it. */
export type RecordId = `${number}-${number}`;

export type JournalEntry =
  | SessionOpened
  | SessionRefused
  | ActionDecided
  | ActionFinished
  | ApprovalEvent
  | ApprovalStep
  | PolicyLoaded
  | IdentityEvent
  | SecretEvent
  | SessionEnded
  | ApiCalled
  | SessionClosed;

interface EntryBase {
  /** RFC 3339 with nanoseconds, UTC. */
  readonly at: string;
}

interface InSession extends EntryBase {
  readonly session: string;
}

export interface SessionOpened extends InSession {
  readonly type: 'session.opened';
  readonly identity: IdentityInput;
  readonly resource: ResourceInput;
  readonly client: {
    readonly ip: string;
    readonly application: string;
    readonly fingerprint: string;
  };
}

export interface SessionRefused extends InSession {
  readonly type: 'session.refused';
  readonly code: string;
  readonly message: string;
  /** What the client asked for; unverified. */
  readonly resource: string;
  readonly client: {
    readonly ip: string;
    readonly application: string;
    readonly fingerprint: string;
  };
}

/** In the journal before the first byte of the action goes to the target. */
export interface ActionDecided extends InSession {
  readonly type: 'action.decided';
  /** Number of the action in its session, from 1. */
  readonly action: number;
  readonly input: ActionInput;
  readonly verdict: 'allow' | 'block' | 'hold';
  readonly decision: Decision;
  /** Grants this action is executed under. */
  readonly grants: readonly string[];
  /** Present when `input` was shortened to fit the record; its digest still covers every byte. */
  readonly truncated?: true;
}

export interface ActionFinished extends InSession {
  readonly type: 'action.finished';
  readonly action: number;
  readonly outcome: ActionOutcome;
}

/** What became of a forwarded action. */
export interface ActionOutcome {
  readonly status: 'ok' | 'error' | 'aborted';
  /** The protocol's own completion: command tags, an SQLSTATE, an HTTP status. */
  readonly detail: string;
  readonly rows: number;
  /** Bytes sent to the client. */
  readonly bytes: number;
  /** Masked cells, fields or headers by mask code. */
  readonly masked: Readonly<Record<string, number>>;
}

export interface ApprovalEvent extends InSession {
  readonly type:
    | 'approval.requested'
    | 'approval.granted'
    | 'approval.denied'
    | 'approval.expired'
    | 'approval.cancelled';
  readonly action: number;
  readonly approval: string;
  readonly code: string;
  /** Who answered; empty for a request or an expiry. */
  readonly by: readonly string[];
  readonly note: string | undefined;
}

export interface PolicyLoaded extends EntryBase {
  readonly type: 'policy.loaded';
  readonly revision: string;
  readonly files: readonly string[];
}

/** What happened to identities outside the sessions: sign-ins, delegations, consents, break-glass. */
export interface IdentityEvent extends EntryBase {
  readonly type:
    | 'identity.signed-in'
    | 'identity.delegated'
    | 'identity.consented'
    | 'identity.consent-ended'
    | 'identity.break-glass'
    | 'identity.connected'
    | 'identity.key-created'
    | 'identity.key-revoked';
  /** Whom it is about. */
  readonly subject: string;
  /** Who acts for them, outermost first; empty where nobody does. */
  readonly actors: readonly string[];
  /** Who did it. */
  readonly by: string;
  /** Id of the token or consent it is about; never the secret itself. */
  readonly credential: string;
  /** One clause for people. */
  readonly detail: string;
}

export interface SessionClosed extends InSession {
  readonly type: 'session.closed';
  readonly actions: number;
  readonly rows: number;
  readonly cause: string;
}
