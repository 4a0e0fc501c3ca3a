/**
 * Empty PostgreSQL databases for a store, on one private server for a test file.
 */
import pg from 'pg';
import type { PostgresStoreAddress } from '../../control/store/postgres/connection.ts';
import { type PostgresServer, startPostgres } from './postgres-server.ts';

export interface StoreServer {
  readonly server: PostgresServer;
  /** A database that holds nothing. */
  emptyDatabase(): Promise<PostgresStoreAddress>;
  /** Runs SQL on a database of this server as its owner. */
  run(database: string, sql: string): Promise<pg.QueryResult>;
  stop(): Promise<void>;
}

/** Starts the server; undefined, with a `SKIP` line printed, where this machine has none. */
export async function startStoreServer(): Promise<StoreServer | undefined> {
  const server = await startPostgres({ settings: { max_connections: '200' } });
  if (server === undefined) {
    console.log('SKIP: the store on PostgreSQL, because there are no PostgreSQL server binaries');
    return undefined;
  }
  const { host, port, user, password } = server;
  let made = 0;
  const run = async (database: string, sql: string): Promise<pg.QueryResult> => {
    const client = new pg.Client({ host, port, user, password, database });
    await client.connect();
    try {
      return await client.query(sql);
    } finally {
      await client.end();
    }
  };
  return {
    server,
    run,
    async emptyDatabase() {
      made += 1;
      const database = `store_${made}`;
      await run('postgres', `create database ${database}`);
      return { host, port, user, password, database, tls: 'disable', ca: undefined };
    },
    stop: () => server.stop(),
  };
}
