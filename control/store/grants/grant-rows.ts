/**
 * Grants as the database holds them, and the way to what the store's interface speaks and back. Structures are JSON text.
 */
import type { ApprovalScope } from '../../../engine/contract/decision.ts';
import { readDemand } from '../approvals/approval-rows.ts';
import type { StoredGrant } from './grant-store.ts';

export interface GrantRow {
  readonly id: string;
  readonly approval: string;
  readonly code: string;
  readonly scope: ApprovalScope;
  readonly approvers: string;
  readonly answers: string;
  readonly subject: string;
  readonly actors: string;
  readonly principal: string;
  readonly resource: string;
  readonly session_id: string;
  readonly digest: string;
  readonly revision: string;
  readonly expires_at_ms: number;
  readonly uses: number;
  readonly revoked_at_ms: number | null;
}

export function toGrantRow(grant: StoredGrant): GrantRow {
  return {
    id: grant.id,
    approval: grant.approval,
    code: grant.code,
    scope: grant.scope,
    approvers: JSON.stringify(grant.approvers),
    answers: JSON.stringify(grant.answers),
    subject: grant.subject,
    actors: JSON.stringify(grant.actors),
    principal: grant.principal,
    resource: grant.resource,
    session_id: grant.sessionId,
    digest: grant.digest,
    revision: grant.revision,
    expires_at_ms: grant.expiresAtMs,
    uses: grant.uses,
    revoked_at_ms: grant.revokedAtMs ?? null,
  };
}

export function fromGrantRow(row: GrantRow): StoredGrant {
  return {
    id: row.id,
    approval: row.approval,
    code: row.code,
    scope: row.scope,
    approvers: JSON.parse(row.approvers) as string[],
    answers: readDemand(row.answers),
    subject: row.subject,
    actors: JSON.parse(row.actors) as string[],
    principal: row.principal,
    resource: row.resource,
    sessionId: row.session_id,
    digest: row.digest,
    revision: row.revision,
    expires_at: new Date(row.expires_at_ms).toISOString(),
    expiresAtMs: row.expires_at_ms,
    uses: row.uses,
    revokedAtMs: row.revoked_at_ms ?? undefined,
  };
}
