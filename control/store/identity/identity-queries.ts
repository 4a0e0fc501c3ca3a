/**
 * Consents and single uses in the database.
 */
import type { Consent, ConsentStore, OnceStore } from '../../identity/ports.ts';
import type { QueryContext } from '../database.ts';

export interface ConsentRow {
  readonly id: string;
  readonly subject: string;
  readonly agent: string;
  readonly purpose: string;
  /** JSON list, or null for all. */
  readonly resources: string | null;
  readonly granted_at_ms: number;
  readonly expires_at_ms: number;
  readonly revoked_at_ms: number | null;
}

export interface SingleUseRow {
  readonly id: string;
  readonly at_ms: number;
  readonly expires_at_ms: number | null;
}

export function createIdentityQueries({ db }: QueryContext): ConsentStore & OnceStore {
  return {
    async insertConsent(consent) {
      const { resources } = consent;
      await db
        .insertInto('consents')
        .values({
          id: consent.id,
          subject: consent.subject,
          agent: consent.agent,
          purpose: consent.purpose,
          resources: resources === undefined ? null : JSON.stringify(resources),
          granted_at_ms: consent.grantedAtMs,
          expires_at_ms: consent.expiresAtMs,
          revoked_at_ms: consent.revokedAtMs ?? null,
        })
        .execute();
    },
    async findConsent(id) {
      const row = await db
        .selectFrom('consents')
        .selectAll()
        .where('id', '=', id)
        .executeTakeFirst();
      return row === undefined ? undefined : toConsent(row);
    },
    async listConsents({ subject, agent }, limit) {
      let query = db.selectFrom('consents').selectAll();
      if (subject !== undefined) query = query.where('subject', '=', subject);
      if (agent !== undefined) query = query.where('agent', '=', agent);
      const rows = await query
        .orderBy('granted_at_ms', 'desc')
        .orderBy('id')
        .limit(limit)
        .execute();
      return rows.map(toConsent);
    },
    async revokeConsent(id, atMs) {
      const done = await db
        .updateTable('consents')
        .set({ revoked_at_ms: atMs })
        .where('id', '=', id)
        .where('revoked_at_ms', 'is', null)
        .executeTakeFirst();
      return done.numUpdatedRows === 1n;
    },
    async useOnce(id, atMs, expiresAtMs) {
      return db.transaction().execute(async (transaction) => {
        await transaction.deleteFrom('single_uses').where('expires_at_ms', '<', atMs).execute();
        const done = await transaction
          .insertInto('single_uses')
          .values({ id, at_ms: atMs, expires_at_ms: expiresAtMs ?? null })
          .onConflict((conflict) => conflict.doNothing())
          .executeTakeFirst();
        return done.numInsertedOrUpdatedRows === 1n;
      });
    },
  };
}

function toConsent(row: ConsentRow): Consent {
  return {
    id: row.id,
    subject: row.subject,
    agent: row.agent,
    purpose: row.purpose,
    resources: row.resources === null ? undefined : (JSON.parse(row.resources) as string[]),
    grantedAtMs: row.granted_at_ms,
    expiresAtMs: row.expires_at_ms,
    revokedAtMs: row.revoked_at_ms ?? undefined,
  };
}
