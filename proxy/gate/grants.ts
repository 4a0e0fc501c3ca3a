/**
 * Whether a grant holds for an action. Every field that an approval binds is compared here, at execution, whatever the
 * approvals port has checked already. Pure.
 */
import type { ApprovalDemand, Decision } from '../../engine/contract/decision.ts';
import type { IdentityInput } from '../../engine/contract/input.ts';
import type { Grant } from './ports.ts';

/** What an action offers to compare a grant with. */
export interface GrantScope {
  readonly identity: IdentityInput;
  readonly resource: string;
  readonly sessionId: string;
  readonly digest: string;
  readonly nowMs: number;
  /** Those whom the requester acts for may answer, where the configuration says so; the requester never. */
  readonly chainMayApprove: boolean;
}

/**
 * Who acts and for whom, issuers included, as text that is equal for equal chains only: the same subject of another issuer, or
 * the same agent acting for somebody else, is another principal.
 */
export function principalOf(identity: IdentityInput): string {
  const chain: (readonly [string, string, string])[] = [];
  for (let each: IdentityInput | undefined = identity; each; each = each.on_behalf_of)
    chain.push([each.issuer, each.subject, each.kind]);
  return JSON.stringify([chain, identity.actors]);
}

/** Whether this grant holds for this identity, resource, session and these bytes now; which demand it meets is another question. */
export function isGrantInForce(grant: Grant, scope: GrantScope): boolean {
  return (
    grant.subject === scope.identity.subject &&
    grant.principal === principalOf(scope.identity) &&
    isSameList(grant.actors, scope.identity.actors) &&
    grant.resource === scope.resource &&
    grant.uses >= 1 &&
    grant.expiresAtMs > scope.nowMs &&
    (grant.scope !== 'statement' || grant.digest === scope.digest) &&
    (grant.scope !== 'session' || grant.sessionId === scope.sessionId) &&
    !grant.approvers.includes(scope.identity.subject) &&
    (scope.chainMayApprove ||
      !grant.approvers.some((approver) => scope.identity.actors.includes(approver)))
  );
}

/** Whether a grant in force answers this demand under this policy revision. */
export function isGrantFor(grant: Grant, demand: ApprovalDemand, revision: string): boolean {
  const asked: ApprovalDemand | undefined = grant.answers;
  return (
    asked !== undefined &&
    grant.revision === revision &&
    grant.code === demand.code &&
    grant.scope === demand.scope &&
    asked.code === demand.code &&
    asked.scope === demand.scope &&
    asked.quorum >= demand.quorum &&
    isSameList(asked.approvers.groups, demand.approvers.groups) &&
    isSameList(asked.approvers.subjects, demand.approvers.subjects) &&
    new Set(grant.approvers).size >= demand.quorum
  );
}

export interface Assignment {
  /** One grant for each demand that is met; no grant twice. */
  readonly met: readonly Grant[];
  readonly unmet: readonly ApprovalDemand[];
}

/** Gives each demand a grant of its own. */
export function assignGrants(decision: Decision, grants: readonly Grant[]): Assignment {
  const free = [...grants];
  const met: Grant[] = [];
  const unmet: ApprovalDemand[] = [];
  for (const demand of decision.approvals) {
    const at = free.findIndex((grant) => isGrantFor(grant, demand, decision.revision));
    const [grant] = at < 0 ? [] : free.splice(at, 1);
    if (grant === undefined) unmet.push(demand);
    else met.push(grant);
  }
  return { met, unmet };
}

function isSameList(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((item, at) => item === other[at]);
}
