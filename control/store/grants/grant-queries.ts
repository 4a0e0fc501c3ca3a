/**
 * Grants in the database. They are made by the move of a request to `granted` and end with its move to `revoked`; here they are
 * found and spent.
 */
import type { QueryContext } from '../database.ts';
import { fromGrantRow } from './grant-rows.ts';
import type { GrantStore } from './grant-store.ts';

export function createGrantQueries({ db }: QueryContext): GrantStore {
  return {
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
        .orderBy('expires_at_ms')
        .orderBy('id')
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
    async listGrantsOf(approvals) {
      if (approvals.length === 0) return [];
      const rows = await db
        .selectFrom('grants')
        .selectAll()
        .where('approval', 'in', [...approvals])
        .execute();
      return rows.map(fromGrantRow);
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
  };
}
