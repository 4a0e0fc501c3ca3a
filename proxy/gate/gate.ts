/**
 * The shape of the gate that protocols and `control` program against; `pipeline.ts` implements it. Seven steps, one order, every
 * protocol: identify, describe, decide, hold, record, forward, mask. A protocol calls `open` once a connection, `submit` for
 * each action before it forwards anything, `finish` when the response has ended, and `close` at the end.
 */
import type { ActionInput } from '../../engine/contract/input.ts';
import type { Permit } from './permit.ts';
import type { Credential } from './ports.ts';
import type { ActionOutcome } from './record.ts';
import type { Refusal } from './refusal.ts';
import type { HoldNotice, Verdict } from './verdict.ts';

export interface Arrival {
  readonly credential: Credential;
  /** Name of the resource the client asked for. */
  readonly resource: string;
  /** The database the client asked for, where its protocol names one; any but the configured one is refused. */
  readonly database?: string;
  readonly client: {
    readonly ip: string;
    readonly application: string;
    readonly fingerprint: string;
  };
  readonly reason?: string;
}

export interface SubmitOptions {
  /** Called once for each demand that waits for a person. */
  readonly onHold: (notice: HoldNotice) => void;
  /** Aborts the wait (client gone, statement cancelled): the request is withdrawn and the action blocked. */
  readonly signal: AbortSignal;
  /** Why the client says it does this; that of the arrival when left out. */
  readonly reason?: string | undefined;
}

/** One admitted connection. */
export interface GateSession {
  readonly id: string;
  readonly permit: Permit;
  /** Decides, holds, records. Resolves to a pass only after the record has the durability its class demands. */
  submit(action: ActionInput, options: SubmitOptions): Promise<Verdict>;
  /** Records what became of a passed action; never rejects: a journal that cannot be written ends the session instead. */
  finish(action: number, outcome: ActionOutcome): Promise<void>;
  /** Records the end; idempotent. */
  close(cause: string): Promise<void>;
  /** Aborts when the session must end at once (revoked, journal unavailable, shutdown); the reason is a `Refusal`. */
  readonly ended: AbortSignal;
}

export interface Gate {
  open(arrival: Arrival): Promise<GateSession | Refusal>;
  /**
   * Checks a credential that came with a further request of a session, the proof of its key included. A refusal is for that
   * request only: somebody else's copy of a token must not end the session of its holder.
   */
  confirm(session: GateSession, credential: Credential): Promise<Refusal | undefined>;
  /** Sessions open now. */
  readonly sessions: ReadonlyMap<string, GateSession>;
  /** Ends every session with this refusal and admits no more. */
  shutDown(cause: Refusal): Promise<void>;
}
