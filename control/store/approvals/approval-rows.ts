/**
 * Requests and answers as the database holds them, and the way from a row to what the store's interface speaks and back.
 * Structures are JSON text.
 */
import type { ApprovalDemand } from '../../../engine/contract/decision.ts';
import type { IdentityInput } from '../../../engine/contract/input.ts';
import type { ApprovalState } from '../../approvals/state.ts';
import type {
  ApprovalDetails,
  Escalation,
  StoredAnswer,
  StoredApproval,
} from './approval-store.ts';

export interface ApprovalRow {
  readonly id: string;
  readonly state: ApprovalState;
  readonly gateway: string;
  readonly session_id: string;
  readonly subject: string;
  readonly identity: string;
  readonly resource: string;
  readonly text: string;
  readonly digest: string;
  readonly shape: string;
  readonly demand: string;
  readonly revision: string;
  readonly reason: string | null;
  readonly details: string;
  readonly escalation: string | null;
  readonly created_at_ms: number;
  readonly expires_at_ms: number;
  readonly decided_at_ms: number | null;
}

export interface AnswerRow {
  readonly approval: string;
  readonly subject: string;
  /** Null in rows that were written before people were told apart from their accounts. */
  readonly person: string | null;
  readonly answer: 'approve' | 'deny';
  readonly note: string | null;
  readonly at_ms: number;
}

export function toApprovalRow(approval: StoredApproval): ApprovalRow {
  return {
    id: approval.id,
    state: approval.state,
    gateway: approval.gateway,
    session_id: approval.sessionId,
    subject: approval.identity.subject,
    identity: JSON.stringify(approval.identity),
    resource: approval.resource,
    text: approval.text,
    digest: approval.digest,
    shape: approval.shape,
    demand: JSON.stringify(approval.demand),
    revision: approval.revision,
    reason: approval.reason ?? null,
    details: JSON.stringify(approval.details),
    escalation: approval.escalation === undefined ? null : JSON.stringify(approval.escalation),
    created_at_ms: approval.createdAtMs,
    expires_at_ms: approval.expiresAtMs,
    decided_at_ms: approval.decidedAtMs ?? null,
  };
}

export function fromApprovalRow(row: ApprovalRow): StoredApproval {
  return {
    id: row.id,
    state: row.state,
    gateway: row.gateway,
    sessionId: row.session_id,
    identity: JSON.parse(row.identity) as IdentityInput,
    resource: row.resource,
    text: row.text,
    digest: row.digest,
    shape: row.shape,
    demand: readDemand(row.demand),
    revision: row.revision,
    reason: row.reason ?? undefined,
    details: JSON.parse(row.details) as ApprovalDetails,
    escalation: row.escalation === null ? undefined : readEscalation(row.escalation),
    createdAtMs: row.created_at_ms,
    expiresAtMs: row.expires_at_ms,
    decidedAtMs: row.decided_at_ms ?? undefined,
  };
}

export function toAnswerRow(answer: StoredAnswer): AnswerRow {
  return {
    approval: answer.approval,
    subject: answer.subject,
    person: answer.person,
    answer: answer.answer,
    note: answer.note ?? null,
    at_ms: answer.atMs,
  };
}

export function fromAnswerRow(row: AnswerRow): StoredAnswer {
  return {
    approval: row.approval,
    subject: row.subject,
    person: row.person ?? `account ${row.subject}`,
    answer: row.answer,
    note: row.note ?? undefined,
    atMs: row.at_ms,
  };
}

/** JSON drops a rule that is undefined; the type wants the key. */
export function readDemand(text: string): ApprovalDemand {
  return { rule: undefined, ...(JSON.parse(text) as Omit<ApprovalDemand, 'rule'>) };
}

/** JSON drops a note that is undefined; the type wants the key. */
function readEscalation(text: string): Escalation {
  return { note: undefined, ...(JSON.parse(text) as Omit<Escalation, 'note'>) };
}
