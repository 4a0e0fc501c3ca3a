/**
 * Kysely on `node:sqlite`: one connection, one statement at a time. The database itself is opened and closed by the caller.
 */
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';

/** Prepared statements that are kept: more than there are queries, lists of different length included. */
const MAX_PREPARED = 200;

/**
 * The queue of the driver below is first come, first served. Kysely's own lock wakes everybody who waits whenever it is released, so
 * that a hundred answers at once would cost ten thousand wakings.
 */
class QueuedSqliteAdapter extends SqliteAdapter {
  override get supportsMultipleConnections(): boolean {
    return true;
  }
}

export function createSqliteDialect(database: DatabaseSync): Dialect {
  return {
    createAdapter: () => new QueuedSqliteAdapter(),
    createDriver: () => createDriver(database),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}

/** Statements by their text; the one that was asked for longest ago goes first. */
function createStatementCache(database: DatabaseSync): (sql: string) => StatementSync {
  const prepared = new Map<string, StatementSync>();
  return (sql) => {
    const statement = prepared.get(sql) ?? database.prepare(sql);
    prepared.delete(sql);
    prepared.set(sql, statement);
    const [oldest] = prepared.size > MAX_PREPARED ? prepared.keys() : [];
    if (oldest !== undefined) prepared.delete(oldest);
    return statement;
  };
}

function createConnection(database: DatabaseSync): DatabaseConnection {
  const prepare = createStatementCache(database);
  return {
    executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
      const statement = prepare(query.sql);
      const parameters = query.parameters as readonly SQLInputValue[];
      if (statement.columns().length > 0)
        return Promise.resolve({ rows: statement.all(...parameters) as R[] });
      const { changes, lastInsertRowid } = statement.run(...parameters);
      return Promise.resolve({
        rows: [],
        numAffectedRows: BigInt(changes),
        insertId: BigInt(lastInsertRowid),
      });
    },
    // biome-ignore lint/correctness/useYield: the interface asks for a generator, and there is nothing to stream.
    async *streamQuery(): AsyncIterableIterator<never> {
      throw new TypeError('this dialect does not stream');
    },
  };
}

/** A queue of one: whoever holds the connection has it until it is released, so that transactions do not mix. */
function createDriver(database: DatabaseSync): Driver {
  const connection = createConnection(database);
  const waiting: (() => void)[] = [];
  let isHeld = false;
  const run = (sql: string) => async (held: DatabaseConnection) => {
    await held.executeQuery(CompiledQuery.raw(sql));
  };
  return {
    init: () => Promise.resolve(),
    acquireConnection: () =>
      new Promise((resolve) => {
        if (isHeld) waiting.push(() => resolve(connection));
        else {
          isHeld = true;
          resolve(connection);
        }
      }),
    releaseConnection: () => {
      const next = waiting.shift();
      if (next === undefined) isHeld = false;
      else next();
      return Promise.resolve();
    },
    beginTransaction: run('begin immediate'),
    commitTransaction: run('commit'),
    rollbackTransaction: run('rollback'),
    destroy: () => Promise.resolve(),
  };
}
