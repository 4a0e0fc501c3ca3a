/**
 * The embedded store: one SQLite file in WAL mode, every commit on the disk before it counts (`synchronous=FULL`).
 */
import { DatabaseSync } from 'node:sqlite';
import { Kysely } from 'kysely';
import { ControlError } from '../../error.ts';
import { createLocalFeed } from '../changes/change-feed.ts';
import { MIGRATIONS } from '../migrations/list.ts';
import { createQueries } from '../queries.ts';
import type { Store } from '../store.ts';
import type { Tables } from '../tables.ts';
import { createSqliteDialect } from './dialect.ts';
import { migrateSqlite } from './migrate.ts';

/** Milliseconds to wait for another process that has the file. */
const BUSY_TIMEOUT_MS = 5000;

/** Opens or makes the file; `:memory:` for one that is gone at the end. Throws `store/...`. */
export function openSqliteStore(path: string): Store {
  const database = openDatabase(path);
  const db = new Kysely<Tables>({ dialect: createSqliteDialect(database) });
  const feed = createLocalFeed();
  return {
    ...createQueries({
      db,
      announce(change) {
        feed.tell(change);
        return Promise.resolve();
      },
    }),
    watch: feed.watch,
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
    migrateSqlite(database, MIGRATIONS);
    return database;
  } catch (cause) {
    if (cause instanceof ControlError) throw cause;
    throw new ControlError('store/unavailable', `the store ${path} cannot be opened`, {
      cause,
      hint: 'check that the folder is writable and the disk not full; a damaged file is to be restored from a backup',
    });
  }
}
