/**
 * Sealed secrets in the database. Nothing here can open one.
 */
import type { SealedSecret, SealedSecretStore } from '../../credentials/ports.ts';
import type { QueryContext } from '../database.ts';

export interface SealedSecretRow {
  readonly name: string;
  readonly version: number;
  readonly key_id: string;
  readonly sealed: string;
  readonly changed_by: string;
  readonly changed_at_ms: number;
}

export function createSealedSecretQueries({ db, announce }: QueryContext): SealedSecretStore {
  return {
    async findSealedSecret(name) {
      const row = await db
        .selectFrom('sealed_secrets')
        .selectAll()
        .where('name', '=', name)
        .executeTakeFirst();
      return row === undefined ? undefined : toSecret(row);
    },
    async listSealedSecrets(limit) {
      const rows = await db
        .selectFrom('sealed_secrets')
        .selectAll()
        .orderBy('name')
        .limit(limit)
        .execute();
      return rows.map(toSecret);
    },
    async putSealedSecret(secret, before) {
      const row: SealedSecretRow = {
        name: secret.name,
        version: secret.version,
        key_id: secret.keyId,
        sealed: secret.sealed,
        changed_by: secret.changedBy,
        changed_at_ms: secret.changedAtMs,
      };
      const isDone = await db.transaction().execute(async (transaction) => {
        if (before === undefined) {
          const put = await transaction
            .insertInto('sealed_secrets')
            .values(row)
            .onConflict((conflict) => conflict.doNothing())
            .executeTakeFirst();
          if (put.numInsertedOrUpdatedRows !== 1n) return false;
        } else {
          const put = await transaction
            .updateTable('sealed_secrets')
            .set(row)
            .where('name', '=', secret.name)
            .where('version', '=', before)
            .executeTakeFirst();
          if (put.numUpdatedRows !== 1n) return false;
        }
        await announce({ kind: 'secret', id: secret.name }, transaction);
        return true;
      });
      return isDone;
    },
    async removeSealedSecret(name) {
      const done = await db
        .deleteFrom('sealed_secrets')
        .where('name', '=', name)
        .executeTakeFirst();
      if (done.numDeletedRows !== 1n) return false;
      await announce({ kind: 'secret', id: name });
      return true;
    },
  };
}

function toSecret(row: SealedSecretRow): SealedSecret {
  return {
    name: row.name,
    version: row.version,
    keyId: row.key_id,
    sealed: row.sealed,
    changedBy: row.changed_by,
    changedAtMs: row.changed_at_ms,
  };
}
