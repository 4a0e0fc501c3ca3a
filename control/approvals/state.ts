/**
 * The life of a request for approval, in one place: which state follows which step. Every change goes through `nextState`, in the
 * desk when it is made and in `replay.ts` when the journal is read back.
 */

export const APPROVAL_STATES = [
  'pending',
  'granted',
  'denied',
  'expired',
  'cancelled',
  'revoked',
] as const;
export type ApprovalState = (typeof APPROVAL_STATES)[number];

/**
 * `answer` is a yes that is not enough yet, `approve` the one that completes the quorum; `escalate` puts the request before further
 * people; `cancel` ends it because nobody waits any more, `withdraw` because its own side took it back.
 */
export const APPROVAL_STEPS = [
  'request',
  'answer',
  'approve',
  'deny',
  'escalate',
  'expire',
  'cancel',
  'withdraw',
  'revoke',
] as const;
export type ApprovalTransition = (typeof APPROVAL_STEPS)[number];

const TRANSITIONS: Readonly<
  Record<ApprovalState | 'none', Readonly<Partial<Record<ApprovalTransition, ApprovalState>>>>
> = {
  none: { request: 'pending' },
  pending: {
    answer: 'pending',
    approve: 'granted',
    deny: 'denied',
    escalate: 'pending',
    expire: 'expired',
    cancel: 'cancelled',
    withdraw: 'cancelled',
  },
  granted: { revoke: 'revoked' },
  denied: {},
  expired: {},
  cancelled: {},
  revoked: {},
};

/** The state after the step, or undefined where it is not possible; `none` is before the request. */
export function nextState(
  state: ApprovalState | 'none',
  transition: ApprovalTransition,
): ApprovalState | undefined {
  return TRANSITIONS[state][transition];
}
