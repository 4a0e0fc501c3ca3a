/**
 * The demo's PostgreSQL: PGlite (PostgreSQL compiled to WebAssembly) behind its socket server, or a server the user named. PGlite
 * has one session that all connections share, so a client inside a transaction makes the others wait.
 */
import { SHOP_SQL } from './shop-data.ts';

/** Connections the embedded server queues. */
const MAX_CONNECTIONS = 32;

/** Named by variables, because their own declarations need a browser's; what is used of them stands below. */
const EMBEDDED_SERVER: string = '@electric-sql/pglite';
const EMBEDDED_SOCKET: string = '@electric-sql/pglite-socket';

interface EmbeddedDatabase {
  exec(sql: string): Promise<unknown>;
  close(): Promise<void>;
}

interface EmbeddedServer {
  readonly PGlite: {
    create(options: { readonly dataDir?: string }): Promise<EmbeddedDatabase>;
  };
}

interface EmbeddedSocket {
  readonly PGLiteSocketServer: new (options: {
    readonly db: EmbeddedDatabase;
    readonly host: string;
    readonly port: number;
    readonly maxConnections: number;
  }) => {
    start(): Promise<void>;
    stop(): Promise<void>;
    /** `host:port`. */
    getServerConn(): string;
  };
}

export interface DemoDatabase {
  /** `postgres://user:password@host:port/database` as the gateway dials it. */
  readonly url: string;
  readonly embedded: boolean;
  stop(): Promise<void>;
}

/** Starts the embedded server on a free loopback port; `folder` keeps its data, undefined keeps it in memory. */
export async function startEmbeddedDatabase(folder: string | undefined): Promise<DemoDatabase> {
  const { PGlite } = (await import(EMBEDDED_SERVER)) as EmbeddedServer;
  const { PGLiteSocketServer } = (await import(EMBEDDED_SOCKET)) as EmbeddedSocket;
  const database = await PGlite.create(folder === undefined ? {} : { dataDir: folder });
  await database.exec(SHOP_SQL);
  const server = new PGLiteSocketServer({
    db: database,
    host: '127.0.0.1',
    port: 0,
    maxConnections: MAX_CONNECTIONS,
  });
  await server.start();
  const port = Number(server.getServerConn().split(':').at(-1));
  return {
    url: `postgres://postgres:postgres@127.0.0.1:${port}/postgres`,
    embedded: true,
    stop: async () => {
      await server.stop();
      await database.close();
    },
  };
}

/** Prepares the shop's tables on a server of the user's own; what is there already stays as it is. */
export async function useOwnDatabase(url: string): Promise<DemoDatabase> {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(SHOP_SQL);
  } finally {
    await client.end();
  }
  return { url, embedded: false, stop: async () => undefined };
}
