/**
 * What the approval desk says no with. Codes are public.
 */
import { type Refusal, refuse } from '../../proxy/gate/refusal.ts';
import type { ApprovalState } from './state.ts';

export function refuseUnknown(id: string): Refusal {
  return refuse('blocked', 'approval/not-found', `there is no request ${id} that you may see`);
}

export function refuseSecondAnswer(): Refusal {
  return refuse('blocked', 'approval/answered-before', 'you have answered this request before');
}

export function refuseClosed(state: ApprovalState): Refusal {
  return refuse('blocked', 'approval/closed', `the request is ${state} already`);
}

export function refuseEscalation(wasBefore: boolean): Refusal {
  return wasBefore
    ? refuse('blocked', 'approval/escalated-before', 'the request was escalated before')
    : refuse('blocked', 'approval/no-escalation', 'there is nobody to escalate to', {
        hint: 'the operator names groups in `approvals.escalation`',
      });
}

export function refuseNotOwn(): Refusal {
  return refuse('blocked', 'approval/not-own', 'only those who asked can withdraw a request', {
    hint: 'an approver denies it instead',
  });
}

export function refuseFlood(subject: string, pending: number): Refusal {
  return refuse(
    'limit',
    'limit/pending-approvals',
    `${subject} has ${pending} requests for approval open already`,
    { hint: 'Wait for an answer, or have limits.pending_approvals raised.' },
  );
}
