/**
 * Who may answer a request, in this order: only people answer; nobody answers for themselves; nobody, unless the configuration
 * says so, for whom they act through or for an agent they own; the policy's list is final, but for those a request was escalated
 * to; one answer each.
 */
import type { IdentityInput } from '../../engine/contract/input.ts';
import { type Refusal, refuse } from '../../proxy/gate/refusal.ts';
import type { ApprovalRules } from '../config/approvals-section.ts';
import type { StoredApproval } from '../store/approvals/approval-store.ts';
import { isSamePerson, type People } from './people.ts';

export interface Eligibility {
  /** Undefined when this identity may answer the request, else why not. */
  refuseApprover(approver: IdentityInput, approval: StoredApproval): Refusal | undefined;
  /** True for the requester and whoever is in the chain or owns it. */
  isInvolved(identity: IdentityInput, approval: StoredApproval): boolean;
  /** True for those involved and everybody who may answer. */
  mayView(viewer: IdentityInput, approval: StoredApproval): boolean;
}

type Demanded = Pick<StoredApproval, 'demand' | 'escalation'>;

export function createEligibility(rules: ApprovalRules, people: People): Eligibility {
  const byName = new Map(rules.groups.map((group) => [group.name, group]));

  /** True when the group names this person: their own group, or one that the configuration makes of subjects and groups. */
  const isMember = (approver: IdentityInput, group: string): boolean => {
    const defined = byName.get(group);
    if (defined === undefined) return approver.groups.includes(group);
    return (
      defined.subjects.includes(approver.subject) ||
      defined.groups.some((each) => approver.groups.includes(each))
    );
  };

  /** True when the demand names this person. A demand that names nobody can be met by nobody. */
  const isNamed = (approver: IdentityInput, { demand, escalation }: Demanded): boolean =>
    demand.approvers.subjects.includes(approver.subject) ||
    [...demand.approvers.groups, ...(escalation?.groups ?? [])].some((group) =>
      isMember(approver, group),
    );

  const isParty = (
    approver: IdentityInput,
    requester: IdentityInput,
    with_: { readonly chain: boolean; readonly owner: boolean },
  ): boolean => {
    const chain = chainOf(requester);
    const [first] = chain;
    const parties = with_.chain ? chain : first === undefined ? [] : [first];
    const subjects = [
      ...(with_.chain ? chain.flatMap(({ actors }) => actors) : []),
      ...(with_.owner ? chain.flatMap(ownerOf) : []),
    ];
    const marks = [...parties.flatMap(people.marksOf), ...subjects.flatMap(people.marksOfSubject)];
    return isSamePerson(people.marksOf(approver), marks);
  };

  function refuseApprover(approver: IdentityInput, approval: StoredApproval): Refusal | undefined {
    if (approver.kind !== 'human' || approver.on_behalf_of !== undefined)
      return refuse('blocked', 'approval/not-a-person', 'only a person can answer a request');
    const separate = { chain: rules.separateChain, owner: rules.separateOwner };
    if (isParty(approver, approval.identity, separate))
      return refuse(
        'blocked',
        'approval/own-request',
        'nobody answers a request they have a part in',
        { hint: 'ask another approver' },
      );
    if (!isNamed(approver, approval)) {
      const { groups, subjects } = approval.demand.approvers;
      return refuse(
        'blocked',
        'approval/not-an-approver',
        'the policy does not name you as approver',
        { hint: `it names ${[...groups, ...subjects].join(', ') || 'nobody'}` },
      );
    }
    if (rules.requireMfa && !approver.mfa)
      return refuse(
        'blocked',
        'approval/second-factor',
        'an answer needs a sign-in with a second factor',
        { hint: 'sign in again with one' },
      );
    return undefined;
  }

  const isInvolved = (identity: IdentityInput, approval: StoredApproval): boolean =>
    isParty(identity, approval.identity, { chain: true, owner: true });
  return {
    refuseApprover,
    isInvolved,
    mayView: (viewer, approval) =>
      isInvolved(viewer, approval) || refuseApprover(viewer, approval) === undefined,
  };
}

/** The requester and everybody it acts for. */
function chainOf(identity: IdentityInput): readonly IdentityInput[] {
  return identity.on_behalf_of === undefined
    ? [identity]
    : [identity, ...chainOf(identity.on_behalf_of)];
}

function ownerOf({ claims }: IdentityInput): readonly string[] {
  const owner = claims['owner'];
  return typeof owner === 'string' && owner !== '' ? [owner] : [];
}
