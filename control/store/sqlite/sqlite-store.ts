/**
 * The embedded store: one SQLite file in WAL mode, every commit on the disk before it counts (`synchronous=FULL`).
 */
import { DatabaseSync } from 'node:sqlite';
import { Kysely } from 'kysely';
import { ControlError } from '../../error.ts';
import type { Store } from '../store.ts';
import { createSqliteDialect } from './dialect.ts';
import { MIGRATIONS, migrate } from './migrations.ts';
import { fromApprovalRow, fromGrantRow, type Tables, toApprovalRow, toGrantRow } from './tables.ts';

/** Milliseconds to wait for another process that has the file. */
const BUSY_TIMEOUT_MS = 5000;

/** Opens or makes the file; `:memory:` for one that is gone at the end. Throws `store/...`. */
export function openSqliteStore(path: string): Store {
  const database = openDatabase(path);
  const db = new Kysely<Tables>({ dialect: createSqliteDialect(database) });
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
    async listApprovals({ states, limit }) {
      let query = db.selectFrom('approvals').selectAll();
      if (states !== undefined) query = query.where('state', 'in', [...states]);
      const rows = await query
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
    moveApproval(id, from, to, atMs, grant) {
      return db.transaction().execute(async (transaction) => {
        const moved = await transaction
          .updateTable('approvals')
          .set({ state: to, decided_at_ms: atMs })
          .where('id', '=', id)
          .where('state', '=', from)
          .executeTakeFirst();
        if (moved.numUpdatedRows !== 1n) return false;
        if (grant !== undefined)
          await transaction.insertInto('grants').values(toGrantRow(grant)).execute();
        return true;
      });
    },
    async insertAnswer(answer) {
      const inserted = await db
        .insertInto('answers')
        .values({
          approval: answer.approval,
          subject: answer.subject,
          answer: answer.answer,
          note: answer.note ?? null,
          at_ms: answer.atMs,
        })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirst();
      return inserted.numInsertedOrUpdatedRows === 1n;
    },
    async listAnswers(approval) {
      const rows = await db
        .selectFrom('answers')
        .selectAll()
        .where('approval', '=', approval)
        .orderBy('at_ms')
        .execute();
      return rows.map((row) => ({
        approval: row.approval,
        subject: row.subject,
        answer: row.answer,
        note: row.note ?? undefined,
        atMs: row.at_ms,
      }));
    },
    async findGrants(scope, nowMs) {
      const rows = await db
        .selectFrom('grants')
        .selectAll()
        .where('subject', '=', scope.subject)
        .where('actors', '=', JSON.stringify(scope.actors))
        .where('resource', '=', scope.resource)
        .where('expires_at_ms', '>', nowMs)
        .where('revoked_at_ms', 'is', null)
        .where('uses', '>', 0)
        .where((eb) =>
          eb.or([eb('scope', '!=', 'session'), eb('session_id', '=', scope.sessionId)]),
        )
        .execute();
      return rows.map(fromGrantRow);
    },
    async findGrantOf(approval) {
      const row = await db
        .selectFrom('grants')
        .selectAll()
        .where('approval', '=', approval)
        .executeTakeFirst();
      return row === undefined ? undefined : fromGrantRow(row);
    },
    async spendGrant(id, nowMs) {
      const spent = await db
        .updateTable('grants')
        .set((eb) => ({ uses: eb('uses', '-', 1) }))
        .where('id', '=', id)
        .where('uses', '>', 0)
        .where('revoked_at_ms', 'is', null)
        .where('expires_at_ms', '>', nowMs)
        .executeTakeFirst();
      return spent.numUpdatedRows === 1n;
    },
    async revokeGrant(id, atMs) {
      const revoked = await db
        .updateTable('grants')
        .set({ revoked_at_ms: atMs })
        .where('id', '=', id)
        .where('revoked_at_ms', 'is', null)
        .executeTakeFirst();
      return revoked.numUpdatedRows === 1n;
    },
    async revokeToken(revocation) {
      await db
        .insertInto('revocations')
        .values({
          token_id: revocation.tokenId,
          by: revocation.by,
          at_ms: revocation.atMs,
          expires_at_ms: revocation.expiresAtMs,
        })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      await db.deleteFrom('revocations').where('expires_at_ms', '<', revocation.atMs).execute();
    },
    async isRevoked(tokenId) {
      const row = await db
        .selectFrom('revocations')
        .select('token_id')
        .where('token_id', '=', tokenId)
        .executeTakeFirst();
      return row !== undefined;
    },
    ping: async () => {
      // Takes and gives back the write lock: fails where another process holds it or the file is read-only.
      await db.transaction().execute(async (transaction) => {
        await transaction.deleteFrom('revocations').where('expires_at_ms', '<', 0).execute();
      });
    },
    async close() {
      await db.destroy();
      database.close();
    },
  };
}

function openDatabase(path: string): DatabaseSync {
  try {
    const database = new DatabaseSync(path, {
      enableForeignKeyConstraints: true,
      timeout: BUSY_TIMEOUT_MS,
    });
    database.exec(
      'pragma journal_mode = wal; pragma synchronous = full; pragma trusted_schema = off;',
    );
    migrate(database, MIGRATIONS);
    return database;
  } catch (cause) {
    if (cause instanceof ControlError) throw cause;
    throw new ControlError('store/unavailable', `the store ${path} cannot be opened`, {
      cause,
      hint: 'check that the folder is writable and the disk not full; a damaged file is to be restored from a backup',
    });
  }
}
