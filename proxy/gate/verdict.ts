/**
 * What the gate says to a protocol about one action. A closed union: either go, with the masks to apply, or stop.
 */
import type { Mask } from '../../engine/contract/decision.ts';
import type { Refusal } from './refusal.ts';

/** The action is in the journal and may be forwarded, exactly as described. */
export interface Pass {
  readonly pass: true;
  /** Number of the action in its session; `finish` wants it back. */
  readonly action: number;
  /** To apply to the response; empty for a plain allow. */
  readonly masks: readonly Mask[];
  readonly revision: string;
}

export type Verdict = Pass | Refusal;

/** Told to the protocol while an action waits for approval, so that it can tell the client on its own wire. */
export interface HoldNotice {
  readonly approval: string;
  readonly code: string;
  readonly reason: string;
  readonly approvers: readonly string[];
  readonly expiresInMs: number;
}
