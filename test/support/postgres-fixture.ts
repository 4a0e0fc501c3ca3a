/**
 * A real server, a gateway in front of it, and the programs people use, run through the one or against the other.
 */
import { type ExecFileException, execFile } from 'node:child_process';
import pg from 'pg';
import type { ApprovalPort, PostgresUpstream } from '../../proxy/gate/ports.ts';
import type { PostgresLimits } from '../../proxy/postgres/limits.ts';
import { type PostgresGateway, startPostgresGateway, TOKEN } from './postgres-gateway.ts';
import { type PostgresServer, startPostgres } from './postgres-server.ts';

/** Tables, a view, a function, a sequence and a comment with awkward characters. */
export const SHOP_SCHEMA = `
create table customers (id int primary key, name text not null, email text, born date);
insert into customers select n, 'name ' || n, 'user' || n || '@example.com', date '1970-01-01' + n from generate_series(1, 500) n;
create index on customers (name);
create view contacts as select id, email from customers;
create function twice(n int) returns int language sql immutable as 'select n * 2';
create sequence numbers;
create table payments (id bigserial primary key, customer int references customers, amount numeric(10, 2), note text default 'none');
insert into payments (customer, amount) select 1 + n % 500, n / 7.0 from generate_series(1, 1000) n;
comment on table payments is 'it''s "quoted" \\ and ü';
`;
export interface Ran {
  readonly out: string;
  readonly err: string;
  readonly code: number;
}

/** Whom to connect to, and as whom. */
export interface Where {
  readonly port: number;
  readonly password: string;
  readonly database: string;
  readonly environment?: Record<string, string>;
}

/** Runs a program with the connection in its environment. */
export function runProgram(
  program: string,
  args: readonly string[],
  where: Where,
  input = '',
): Promise<Ran> {
  return new Promise((resolve) => {
    const child = execFile(
      program,
      args,
      {
        timeout: 30_000,
        maxBuffer: 64 * 1024 * 1024,
        env: {
          PATH: process.env['PATH'] ?? '',
          PGHOST: '127.0.0.1',
          PGPORT: String(where.port),
          PGUSER: 'postgres',
          PGPASSWORD: where.password,
          PGDATABASE: where.database,
          PSQLRC: '/dev/null',
          PGCONNECT_TIMEOUT: '10',
          ...where.environment,
        },
      },
      (error: ExecFileException | null, out: string, err: string) => {
        resolve({
          out,
          err,
          code: typeof error?.code === 'number' ? error.code : error === null ? 0 : 1,
        });
      },
    );
    // A program that has ended before it read anything says why itself.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);
  });
}

/** psql with the script as its input; plain output. */
export const runPsql = (script: string, where: Where): Promise<Ran> =>
  runProgram('psql', ['--no-psqlrc', '--quiet', '--no-align', '--tuples-only'], where, script);

/** A connection of the pg driver; the caller closes it. */
export async function openDriver({ port, password, database }: Where): Promise<pg.Client> {
  const client = new pg.Client({ host: '127.0.0.1', port, user: 'postgres', password, database });
  await client.connect();
  return client;
}

/** Uses a connection of the pg driver and closes it. */
export async function withDriver<T>(
  where: Where,
  use: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = await openDriver(where);
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

export interface PostgresFixture {
  readonly server: PostgresServer;
  readonly gateway: PostgresGateway;
  readonly upstream: PostgresUpstream;
  readonly through: Where;
  readonly direct: Where;
  stop(): Promise<void>;
}

/** Starts both; without server binaries it says so and ends the process, with a failure in CI. */
export async function startPostgresFixture(
  name: string,
  options: {
    readonly tls?: boolean;
    readonly limits?: Partial<PostgresLimits>;
    readonly approvals?: ApprovalPort;
  } = {},
): Promise<PostgresFixture> {
  const { limits, approvals, ...forServer } = options;
  const server = await startPostgres(forServer);
  if (server === undefined) {
    console.log(`SKIP: ${name}: no PostgreSQL server binaries`);
    process.exit(process.env['CI'] === 'true' ? 1 : 0);
  }
  const upstream: PostgresUpstream = {
    kind: 'postgres',
    host: server.host,
    port: server.port,
    database: server.database,
    user: server.user,
    password: { id: 'target' },
    tls: 'disable',
    ca: undefined,
  };
  const gateway = await startPostgresGateway({
    upstream,
    password: server.password,
    ...(limits === undefined ? {} : { limits }),
    ...(approvals === undefined ? {} : { approvals }),
  });
  return {
    server,
    gateway,
    upstream,
    through: { port: gateway.port, password: TOKEN, database: 'shop' },
    direct: { port: server.port, password: server.password, database: server.database },
    async stop() {
      await gateway.stop();
      await server.stop();
    },
  };
}
