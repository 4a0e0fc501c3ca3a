/**
 * What the queries of every concern are written against: one Kysely over either dialect, and a way to announce a change. The
 * queries must not know which engine answers.
 */
import type { Kysely } from 'kysely';
import type { StoreChange } from './changes/change-feed.ts';
import type { Tables } from './tables.ts';

export type Database = Kysely<Tables>;

export interface QueryContext {
  readonly db: Database;
  /**
   * Announces a change. Given the transaction that makes it, the change is told when that commits (PostgreSQL), or at once, and
   * whoever looks waits for the commit (SQLite).
   */
  announce(change: StoreChange, within?: Database): Promise<void>;
}
