/**
 * Requests and answers in the database. Every change is one compare-and-set, so of two that race exactly one counts, at however
 * many gateways.
 */
import type { ApprovalState } from '../../approvals/state.ts';
import type { Database, QueryContext } from '../database.ts';
import { toGrantRow } from '../grants/grant-rows.ts';
import { fromAnswerRow, fromApprovalRow, toAnswerRow, toApprovalRow } from './approval-rows.ts';
import type { ApprovalMove, ApprovalStore, StoredAnswer } from './approval-store.ts';

export function createApprovalQueries({ db, announce }: QueryContext): ApprovalStore {
  return {
    async insertApproval(approval) {
      await db.insertInto('approvals').values(toApprovalRow(approval)).execute();
    },
    async findApproval(id) {
      const row = await db
        .selectFrom('approvals')
        .selectAll()
        .where('id', '=', id)
        .executeTakeFirst();
      return row === undefined ? undefined : fromApprovalRow(row);
    },
    async listApprovals({ states, gateway, limit }) {
      let query = db.selectFrom('approvals').selectAll();
      if (states !== undefined) query = query.where('state', 'in', [...states]);
      if (gateway !== undefined) query = query.where('gateway', '=', gateway);
      const rows = await query
        .orderBy('created_at_ms', 'desc')
        .orderBy('id', 'desc')
        .limit(limit)
        .execute();
      return rows.map(fromApprovalRow);
    },
    async listSimilar({ resource, shape, except, limit }) {
      const rows = await db
        .selectFrom('approvals')
        .selectAll()
        .where('resource', '=', resource)
        .where('shape', '=', shape)
        .where('id', '!=', except)
        .where('state', 'not in', ['pending', 'cancelled'])
        .orderBy('created_at_ms', 'desc')
        .orderBy('id', 'desc')
        .limit(limit)
        .execute();
      return rows.map(fromApprovalRow);
    },
    async countPending(subject) {
      const row = await db
        .selectFrom('approvals')
        .select((eb) => eb.fn.countAll<number>().as('count'))
        .where('subject', '=', subject)
        .where('state', '=', 'pending')
        .executeTakeFirstOrThrow();
      return Number(row.count);
    },
    moveApproval(id, from, step, witness) {
      return db.transaction().execute(async (transaction) => {
        if (!(await move(transaction, id, from, step))) return false;
        await witness?.();
        await announce({ kind: 'approval', id }, transaction);
        return true;
      });
    },
    escalateApproval(id, escalation, witness) {
      return db.transaction().execute(async (transaction) => {
        const escalated = await transaction
          .updateTable('approvals')
          .set({ escalation: JSON.stringify(escalation) })
          .where('id', '=', id)
          .where('state', '=', 'pending')
          .where('escalation', 'is', null)
          .executeTakeFirst();
        if (escalated.numUpdatedRows !== 1n) return false;
        await witness?.();
        return true;
      });
    },
    answerApproval(answer, judge) {
      return db.transaction().execute(async (transaction) => {
        const id = answer.approval;
        // Holds the request until the end: answers at other gateways wait here, and then see this one.
        const held = await transaction
          .updateTable('approvals')
          .set((eb) => ({ state: eb.ref('state') }))
          .where('id', '=', id)
          .where('state', '=', 'pending')
          .executeTakeFirst();
        if (held.numUpdatedRows !== 1n) return { counted: false };
        const moved = await judge(await listAnswers(transaction, [id]));
        if (moved === 'refused') return { counted: false };
        const inserted = await transaction
          .insertInto('answers')
          .values(toAnswerRow(answer))
          .onConflict((conflict) => conflict.doNothing())
          .executeTakeFirst();
        if (inserted.numInsertedOrUpdatedRows !== 1n) return { counted: false };
        if (moved === undefined) return { counted: true, moved };
        await move(transaction, id, 'pending', moved);
        await announce({ kind: 'approval', id }, transaction);
        return { counted: true, moved };
      });
    },
    listAnswers: (approvals) => listAnswers(db, approvals),
  };
}

async function listAnswers(
  db: Database,
  approvals: readonly string[],
): Promise<readonly StoredAnswer[]> {
  if (approvals.length === 0) return [];
  const rows = await db
    .selectFrom('answers')
    .selectAll()
    .where('approval', 'in', [...approvals])
    .orderBy('at_ms')
    .orderBy('subject')
    .execute();
  return rows.map(fromAnswerRow);
}

/** INVARIANT: a request is `granted` exactly while it has a grant that is not revoked, and `revoked` once that is. */
async function move(
  transaction: Database,
  id: string,
  from: ApprovalState,
  { to, atMs, grant }: ApprovalMove,
): Promise<boolean> {
  const moved = await transaction
    .updateTable('approvals')
    .set({ state: to, decided_at_ms: atMs })
    .where('id', '=', id)
    .where('state', '=', from)
    .executeTakeFirst();
  if (moved.numUpdatedRows !== 1n) return false;
  if (grant !== undefined)
    await transaction.insertInto('grants').values(toGrantRow(grant)).execute();
  if (to === 'revoked')
    await transaction
      .updateTable('grants')
      .set({ revoked_at_ms: atMs })
      .where('approval', '=', id)
      .where('revoked_at_ms', 'is', null)
      .execute();
  return true;
}
