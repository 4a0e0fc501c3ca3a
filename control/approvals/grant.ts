/**
 * The grant that a completed quorum makes: exactly what was asked, for whom it was asked, until when it was asked.
 */
import { principalOf } from '../../proxy/gate/grants.ts';
import type { StoredApproval } from '../store/approvals/approval-store.ts';
import type { StoredGrant } from '../store/grants/grant-store.ts';

/** Uses of a grant that holds for a session or a time. */
const UNBOUNDED_USES = Number.MAX_SAFE_INTEGER;

/**
 * A `statement` grant ends when its request would have; `session` and `duration` ones last as long as the policy says, from the
 * yes on.
 */
export function makeGrant(
  id: string,
  approval: StoredApproval,
  approvers: readonly string[],
  nowMs: number,
): StoredGrant {
  const { demand, identity } = approval;
  const isOnce = demand.scope === 'statement';
  const expiresAtMs = isOnce ? approval.expiresAtMs : nowMs + demand.expiresMs;
  return {
    id,
    approval: approval.id,
    code: demand.code,
    scope: demand.scope,
    approvers,
    answers: demand,
    subject: identity.subject,
    actors: identity.actors,
    principal: principalOf(identity),
    resource: approval.resource,
    sessionId: approval.sessionId,
    digest: approval.digest,
    revision: approval.revision,
    expires_at: new Date(expiresAtMs).toISOString(),
    expiresAtMs,
    uses: isOnce ? 1 : UNBOUNDED_USES,
    revokedAtMs: undefined,
  };
}
