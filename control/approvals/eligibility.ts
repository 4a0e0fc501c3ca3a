/**
 * Who may answer a request. Four rules, in this order, none of which policy or configuration can switch off: only people answer;
 * nobody answers for themselves, for whom they act, or for an agent they own; the policy's list is final; one answer each.
 */
import type { IdentityInput } from '../../engine/contract/input.ts';
import { type Refusal, refuse } from '../../proxy/gate/refusal.ts';
import type { StoredApproval } from '../store/approvals/approval-store.ts';

/** Everybody who has a part in the request: requester, chain, whom they act for, and the owners of all of these. */
function partiesOf(identity: IdentityInput): readonly IdentityInput[] {
  return identity.on_behalf_of === undefined
    ? [identity]
    : [identity, ...partiesOf(identity.on_behalf_of)];
}

function isInvolved(approver: IdentityInput, requester: IdentityInput): boolean {
  const parties = partiesOf(requester);
  const subjects = new Set([
    ...requester.actors,
    ...parties.flatMap((party) => [
      party.subject,
      ...party.actors,
      String(party.claims['owner'] ?? ''),
    ]),
  ]);
  const emails = new Set(parties.flatMap((party) => party.email?.toLowerCase() ?? []));
  return (
    subjects.has(approver.subject) ||
    (approver.email !== undefined && emails.has(approver.email.toLowerCase()))
  );
}

/** True when the policy's demand names this person, by group or by subject. A demand that names nobody can be met by nobody. */
function isNamed(approver: IdentityInput, approval: StoredApproval): boolean {
  const { groups, subjects } = approval.demand.approvers;
  return (
    subjects.includes(approver.subject) || groups.some((group) => approver.groups.includes(group))
  );
}

/** Undefined when this identity may answer the request, else why not. */
export function refuseApprover(
  approver: IdentityInput,
  approval: StoredApproval,
): Refusal | undefined {
  if (approver.kind !== 'human' || approver.on_behalf_of !== undefined)
    return refuse('blocked', 'approval/not-a-person', 'only a person can answer a request');
  if (isInvolved(approver, approval.identity))
    return refuse(
      'blocked',
      'approval/own-request',
      'nobody answers a request they have a part in',
      {
        hint: 'ask another approver',
      },
    );
  if (!isNamed(approver, approval)) {
    const { groups, subjects } = approval.demand.approvers;
    return refuse(
      'blocked',
      'approval/not-an-approver',
      'the policy does not name you as approver',
      {
        hint: `it names ${[...groups, ...subjects].join(', ') || 'nobody'}`,
      },
    );
  }
  return undefined;
}

/** True for the requester, whoever is in the chain, and everybody who may answer. */
export function mayView(viewer: IdentityInput, approval: StoredApproval): boolean {
  return isInvolved(viewer, approval.identity) || refuseApprover(viewer, approval) === undefined;
}
