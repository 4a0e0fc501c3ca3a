/**
 * Dead letters in the database.
 */
import type { QueryContext } from '../database.ts';
import { type DeadLetter, type DeadLetterStore, MAX_DEAD_LETTERS } from './dead-letter-store.ts';

export interface DeadLetterRow {
  readonly id: string;
  readonly channel: string;
  readonly event: 'asked' | 'settled';
  readonly approval: string;
  readonly recipient: string | null;
  readonly attempts: number;
  readonly error: string;
  readonly at_ms: number;
}

export function createDeadLetterQueries({ db }: QueryContext): DeadLetterStore {
  return {
    async keepDeadLetter(letter) {
      await db.transaction().execute(async (transaction) => {
        await transaction
          .insertInto('dead_letters')
          .values({
            id: letter.id,
            channel: letter.channel,
            event: letter.event,
            approval: letter.approval,
            recipient: letter.recipient ?? null,
            attempts: letter.attempts,
            error: letter.error,
            at_ms: letter.atMs,
          })
          .onConflict((conflict) => conflict.doNothing())
          .execute();
        const oldest = await transaction
          .selectFrom('dead_letters')
          .select('at_ms')
          .orderBy('at_ms', 'desc')
          .offset(MAX_DEAD_LETTERS)
          .limit(1)
          .executeTakeFirst();
        if (oldest !== undefined)
          await transaction.deleteFrom('dead_letters').where('at_ms', '<=', oldest.at_ms).execute();
      });
    },
    async listDeadLetters(limit) {
      const rows = await db
        .selectFrom('dead_letters')
        .selectAll()
        .orderBy('at_ms', 'desc')
        .orderBy('id')
        .limit(limit)
        .execute();
      return rows.map(toLetter);
    },
    async takeDeadLetter(id) {
      const row = await db
        .deleteFrom('dead_letters')
        .where('id', '=', id)
        .returningAll()
        .executeTakeFirst();
      return row === undefined ? undefined : toLetter(row);
    },
  };
}

function toLetter({ recipient, at_ms: atMs, ...row }: DeadLetterRow): DeadLetter {
  return { ...row, recipient: recipient ?? undefined, atMs };
}
