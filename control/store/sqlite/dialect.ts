/**
 * Kysely on `node:sqlite`: one connection, one statement at a time. The database itself is opened and closed by the caller.
 */
import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
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

export function createSqliteDialect(database: DatabaseSync): Dialect {
  return {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => createDriver(database),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}

function createConnection(database: DatabaseSync): DatabaseConnection {
  return {
    executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
      const statement = database.prepare(query.sql);
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
