/**
 * How a gateway reaches its PostgreSQL store: address, encryption, limits. 64-bit integers come back as numbers, because the store
 * keeps milliseconds and counts in them, all below 2^53.
 */
import { readFileSync } from 'node:fs';
import pg from 'pg';

/** Milliseconds a connection may take to open. */
const CONNECT_LIMIT_MS = 5_000;
/** Milliseconds a statement may take, waiting for locks included. */
const STATEMENT_LIMIT_MS = 10_000;
/** Connections a gateway keeps at most, besides the one that listens. */
const MAX_CONNECTIONS = 10;

export interface PostgresStoreAddress {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password: string | undefined;
  /** `require` encrypts; `verify-full` also checks the certificate and name. */
  readonly tls: 'disable' | 'require' | 'verify-full';
  /** PEM file of the authority; the system's when undefined. */
  readonly ca: string | undefined;
}

const TYPES: pg.CustomTypesConfig = {
  getTypeParser: ((id: number, format?: 'text' | 'binary') =>
    id === pg.types.builtins.INT8
      ? Number
      : pg.types.getTypeParser(id, format)) as typeof pg.types.getTypeParser,
};

/** Options of one connection. Throws when the file of the authority cannot be read. */
export function connectionOptions(address: PostgresStoreAddress): pg.ClientConfig {
  const { host, port, database, user, password, tls, ca } = address;
  return {
    host,
    port,
    database,
    user,
    // pg asks its environment and a password file when there is none; a function that answers nothing stops that.
    password: () => password ?? '',
    ssl:
      tls === 'disable'
        ? false
        : {
            rejectUnauthorized: tls === 'verify-full',
            ...(ca === undefined ? {} : { ca: readFileSync(ca, 'utf8') }),
          },
    types: TYPES,
    application_name: 'sallyport',
    keepAlive: true,
    connectionTimeoutMillis: CONNECT_LIMIT_MS,
    statement_timeout: STATEMENT_LIMIT_MS,
    query_timeout: 2 * STATEMENT_LIMIT_MS,
  };
}

/** Connections for queries. `onFault` is told of one that breaks while it is idle; the next query opens another. */
export function createPool(
  address: PostgresStoreAddress,
  onFault: (error: Error) => void,
): pg.Pool {
  const pool = new pg.Pool({ ...connectionOptions(address), max: MAX_CONNECTIONS });
  pool.on('error', onFault);
  return pool;
}
