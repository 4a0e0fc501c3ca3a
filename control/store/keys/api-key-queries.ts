/**
 * Keys of machines in the database.
 */
import type { ApiKey, ApiKeyStore, KeyProtocol } from '../../identity/ports.ts';
import type { QueryContext } from '../database.ts';

export interface ApiKeyRow {
  readonly id: string;
  readonly prefix: string;
  readonly hash: string;
  readonly subject: string;
  readonly note: string;
  /** JSON list. */
  readonly resources: string;
  /** JSON list. */
  readonly protocols: string;
  readonly created_by: string;
  readonly created_at_ms: number;
  readonly expires_at_ms: number;
  readonly last_used_at_ms: number | null;
  readonly revoked_at_ms: number | null;
}

export function createApiKeyQueries({ db }: QueryContext): ApiKeyStore {
  const all = () => db.selectFrom('api_keys').selectAll();
  return {
    async insertApiKey(key) {
      await db
        .insertInto('api_keys')
        .values({
          id: key.id,
          prefix: key.prefix,
          hash: key.hash,
          subject: key.subject,
          note: key.note,
          resources: JSON.stringify(key.resources),
          protocols: JSON.stringify(key.protocols),
          created_by: key.createdBy,
          created_at_ms: key.createdAtMs,
          expires_at_ms: key.expiresAtMs,
          last_used_at_ms: key.lastUsedAtMs ?? null,
          revoked_at_ms: key.revokedAtMs ?? null,
        })
        .execute();
    },
    async findApiKeyByHash(hash) {
      const row = await all().where('hash', '=', hash).executeTakeFirst();
      return row === undefined ? undefined : toApiKey(row);
    },
    async findApiKey(id) {
      const row = await all().where('id', '=', id).executeTakeFirst();
      return row === undefined ? undefined : toApiKey(row);
    },
    async listApiKeys(limit) {
      const rows = await all()
        .orderBy('created_at_ms', 'desc')
        .orderBy('id')
        .limit(limit)
        .execute();
      return rows.map(toApiKey);
    },
    async revokeApiKey(id, atMs) {
      const done = await db
        .updateTable('api_keys')
        .set({ revoked_at_ms: atMs })
        .where('id', '=', id)
        .where('revoked_at_ms', 'is', null)
        .executeTakeFirst();
      return done.numUpdatedRows === 1n;
    },
    async noteApiKeyUse(id, atMs) {
      await db
        .updateTable('api_keys')
        .set({ last_used_at_ms: atMs })
        .where('id', '=', id)
        .where((row) =>
          row.or([row('last_used_at_ms', 'is', null), row('last_used_at_ms', '<', atMs)]),
        )
        .execute();
    },
  };
}

function toApiKey(row: ApiKeyRow): ApiKey {
  return {
    id: row.id,
    prefix: row.prefix,
    hash: row.hash,
    subject: row.subject,
    note: row.note,
    resources: JSON.parse(row.resources) as string[],
    protocols: JSON.parse(row.protocols) as KeyProtocol[],
    createdBy: row.created_by,
    createdAtMs: row.created_at_ms,
    expiresAtMs: row.expires_at_ms,
    lastUsedAtMs: row.last_used_at_ms ?? undefined,
    revokedAtMs: row.revoked_at_ms ?? undefined,
  };
}
