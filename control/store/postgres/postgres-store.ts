/**
 * The store of several gateways: one PostgreSQL database. The same queries as the embedded store; a change that one gateway makes
 * is told to all of them when it commits.
 */
import { Kysely, PostgresDialect, sql } from 'kysely';
import { ControlError } from '../../error.ts';
import { createLocalFeed } from '../changes/change-feed.ts';
import { MIGRATIONS } from '../migrations/list.ts';
import { createQueries } from '../queries.ts';
import type { Store } from '../store.ts';
import type { Tables } from '../tables.ts';
import { createPool, type PostgresStoreAddress } from './connection.ts';
import { CHANNEL, listenForChanges, writeChange } from './listen.ts';
import { migratePostgres } from './migrate.ts';

export interface PostgresStoreOptions {
  readonly address: PostgresStoreAddress;
  /** Told when a connection breaks outside a query; the store goes on by itself. */
  readonly onFault: (error: Error) => void;
}

/** Connects, brings the schema up to date, listens. Rejects with `store/...`. */
export async function openPostgresStore(options: PostgresStoreOptions): Promise<Store> {
  const { address, onFault } = options;
  const feed = createLocalFeed();
  const closers: (() => Promise<unknown>)[] = [];
  try {
    const pool = createPool(address, onFault);
    closers.push(() => pool.end());
    await migratePostgres(pool, MIGRATIONS);
    const listener = await listenForChanges(address, feed, onFault);
    closers.push(() => listener.close());
    const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
    return {
      ...createQueries({
        db,
        async announce(change, within = db) {
          if (change.kind === 'missed') return;
          await sql`select pg_notify(${CHANNEL}, ${writeChange(change)})`.execute(within);
        },
      }),
      watch: feed.watch,
      async close() {
        await listener.close();
        await db.destroy();
      },
    };
  } catch (cause) {
    await Promise.allSettled(closers.reverse().map((close) => close()));
    if (cause instanceof ControlError) throw cause;
    const where = `${address.host}:${address.port}/${address.database}`;
    throw new ControlError('store/unavailable', `the store at ${where} cannot be used`, {
      cause,
      hint: 'check that it runs, that `store.url` names a role that may create tables in it, and `store.tls`',
    });
  }
}
