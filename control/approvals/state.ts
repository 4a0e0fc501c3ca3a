/**
 * The life of an approval request, in one place: which state follows which event. Every change goes through `nextState`.
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

/** `approve` is the answer that completes the quorum. */
export type ApprovalTransition = 'approve' | 'deny' | 'expire' | 'cancel' | 'revoke';

const TRANSITIONS: Readonly<
  Record<ApprovalState, Readonly<Partial<Record<ApprovalTransition, ApprovalState>>>>
> = {
  pending: { approve: 'granted', deny: 'denied', expire: 'expired', cancel: 'cancelled' },
  granted: { revoke: 'revoked' },
  denied: {},
  expired: {},
  cancelled: {},
  revoked: {},
};

/** The state after the transition, or undefined where it is not possible. */
export function nextState(
  state: ApprovalState,
  transition: ApprovalTransition,
): ApprovalState | undefined {
  return TRANSITIONS[state][transition];
}
