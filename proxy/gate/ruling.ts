/**
 * A decision with the instant it was made at, and what the gate makes of one: refusals, its own reasons, the durability its
 * record needs. Pure.
 */
import type { Decision, Reason } from '../../engine/contract/decision.ts';
import type { ActionClass } from '../../engine/contract/input.ts';
import type { Durability } from './ports.ts';
import type { ActionOutcome } from './record.ts';
import { type Refusal, refuse } from './refusal.ts';

/** A decision was not made: nothing names the policy that would have made it. */
const NO_REVISION = '';

/** One decision and its instant, which its record carries. */
export interface Ruling {
  readonly decision: Decision;
  readonly nowNs: bigint;
}

/** Forwarded only after `synced`: what changes state, and what nobody could classify. */
const DURABILITY: Readonly<Record<ActionClass, Durability>> = {
  read: 'written',
  session: 'written',
  write: 'synced',
  ddl: 'synced',
  privilege: 'synced',
  admin: 'synced',
  unknown: 'synced',
};

/** A grant was used up, revoked or ran out between the decision and its use. */
export const SPENT = refuse('blocked', 'approval/spent', 'the approval no longer holds', {
  hint: 'Ask for a new approval.',
});
/** Every round of decide and ask ended under another policy than it began with. */
export const STALE = refuse(
  'blocked',
  'approval/stale',
  'the policy changed while this waited for approval, again and again',
  { hint: 'Send it again.' },
);

/** The durability an action of this class needs before it is forwarded. */
export function durabilityOf(actionClass: ActionClass): Durability {
  return DURABILITY[actionClass] ?? 'synced';
}

/** The outcome of an action that did not run to its end. */
export function aborted(detail: string): ActionOutcome {
  return { status: 'aborted', detail, rows: 0, bytes: 0, masked: {} };
}

/** What the client is told of a blocking decision. */
export function refuseBlocked(decision: Decision): Refusal {
  const { reasons } = decision;
  const message = reasons.map((reason) => reason.reason).join('; ');
  return refuse('blocked', reasons[0]?.code ?? 'blocked', message || 'blocked by policy', {
    reasons,
  });
}

/** The same ruling with the gate's own reason for not following it. */
export function withReason(ruling: Ruling, refusal: Refusal): Ruling {
  const reason: Reason = { code: refusal.code, reason: refusal.message, rule: undefined };
  const reasons = [...ruling.decision.reasons, reason];
  return { ...ruling, decision: { ...ruling.decision, reasons } };
}

/** Stands in a record for a decision that could not be made. */
export function noDecision(refusal: Refusal): Decision {
  const reasons = [{ code: refusal.code, reason: refusal.message, rule: undefined }];
  return { effect: 'block', reasons, masks: [], approvals: [], revision: NO_REVISION, reads: [] };
}
