/**
 * Revoked tokens in the database. Each revocation sweeps out what has expired a while before.
 */
import { MAX_LISTED_REVOCATIONS, REVOCATION_GRACE_MS } from '../../identity/ports.ts';
import type { QueryContext } from '../database.ts';
import type { RevocationStore } from './revocation-store.ts';

export interface RevocationRow {
  readonly token_id: string;
  readonly by: string;
  readonly at_ms: number;
  readonly expires_at_ms: number;
}

export function createRevocationQueries({ db, announce }: QueryContext): RevocationStore {
  return {
    async revokeToken(revocation) {
      await db.transaction().execute(async (transaction) => {
        await transaction
          .insertInto('revocations')
          .values({
            token_id: revocation.tokenId,
            by: revocation.by,
            at_ms: revocation.atMs,
            expires_at_ms: revocation.expiresAtMs,
          })
          .onConflict((conflict) => conflict.doNothing())
          .execute();
        await transaction
          .deleteFrom('revocations')
          .where('expires_at_ms', '<', revocation.atMs - REVOCATION_GRACE_MS)
          .execute();
        await announce({ kind: 'token', id: revocation.tokenId }, transaction);
      });
    },
    async isRevoked(tokenId) {
      const row = await db
        .selectFrom('revocations')
        .select('token_id')
        .where('token_id', '=', tokenId)
        .executeTakeFirst();
      return row !== undefined;
    },
    async listRevoked(sinceMs) {
      const rows = await db
        .selectFrom('revocations')
        .select(['token_id', 'expires_at_ms'])
        .where('at_ms', '>=', sinceMs)
        .orderBy('at_ms', 'desc')
        .limit(MAX_LISTED_REVOCATIONS)
        .execute();
      return rows.map((row) => ({ tokenId: row.token_id, expiresAtMs: row.expires_at_ms }));
    },
  };
}
