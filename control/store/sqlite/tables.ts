/**
 * Rows as SQLite holds them, and the way from a row to what the store's interface speaks and back. Structures are JSON text.
 */
import type { ApprovalDemand, ApprovalScope } from '../../../engine/contract/decision.ts';
import type { IdentityInput } from '../../../engine/contract/input.ts';
import type { ApprovalState } from '../../approvals/state.ts';
import type { StoredApproval, StoredGrant } from '../store.ts';

export interface ApprovalRow {
  readonly id: string;
  readonly state: ApprovalState;
  readonly session_id: string;
  readonly subject: string;
  readonly identity: string;
  readonly resource: string;
  readonly text: string;
  readonly digest: string;
  readonly demand: string;
  readonly revision: string;
  readonly reason: string | null;
  readonly created_at_ms: number;
  readonly expires_at_ms: number;
  readonly decided_at_ms: number | null;
}

export interface AnswerRow {
  readonly approval: string;
  readonly subject: string;
  readonly answer: 'approve' | 'deny';
  readonly note: string | null;
  readonly at_ms: number;
}

export interface GrantRow {
  readonly id: string;
  readonly approval: string;
  readonly code: string;
  readonly scope: ApprovalScope;
  readonly approvers: string;
  readonly answers: string;
  readonly subject: string;
  readonly actors: string;
  readonly resource: string;
  readonly session_id: string;
  readonly digest: string;
  readonly revision: string;
  readonly expires_at_ms: number;
  readonly uses: number;
  readonly revoked_at_ms: number | null;
}

export interface RevocationRow {
  readonly token_id: string;
  readonly by: string;
  readonly at_ms: number;
  readonly expires_at_ms: number;
}

export interface Tables {
  readonly approvals: ApprovalRow;
  readonly answers: AnswerRow;
  readonly grants: GrantRow;
  readonly revocations: RevocationRow;
}

export function toApprovalRow(approval: StoredApproval): ApprovalRow {
  return {
    id: approval.id,
    state: approval.state,
    session_id: approval.sessionId,
    subject: approval.identity.subject,
    identity: JSON.stringify(approval.identity),
    resource: approval.resource,
    text: approval.text,
    digest: approval.digest,
    demand: JSON.stringify(approval.demand),
    revision: approval.revision,
    reason: approval.reason ?? null,
    created_at_ms: approval.createdAtMs,
    expires_at_ms: approval.expiresAtMs,
    decided_at_ms: approval.decidedAtMs ?? null,
  };
}

export function fromApprovalRow(row: ApprovalRow): StoredApproval {
  return {
    id: row.id,
    state: row.state,
    sessionId: row.session_id,
    identity: JSON.parse(row.identity) as IdentityInput,
    resource: row.resource,
    text: row.text,
    digest: row.digest,
    demand: readDemand(row.demand),
    revision: row.revision,
    reason: row.reason ?? undefined,
    createdAtMs: row.created_at_ms,
    expiresAtMs: row.expires_at_ms,
    decidedAtMs: row.decided_at_ms ?? undefined,
  };
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

/** JSON drops a rule that is undefined; the type wants the key. */
function readDemand(text: string): ApprovalDemand {
  return { rule: undefined, ...(JSON.parse(text) as Omit<ApprovalDemand, 'rule'>) };
}
