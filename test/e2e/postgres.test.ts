/** The programs people use, unchanged, through the gateway: psql, pg_dump, the pg driver; masks, approval, cancel, TLS. */
import { type ExecFileException, execFile } from 'node:child_process';
import pg from 'pg';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Mask } from '../../engine/contract/decision.ts';
import type { PostgresUpstream } from '../../proxy/gate/ports.ts';
import { decision, demand, until } from '../support/gate-ports.ts';
import { type PostgresGateway, startPostgresGateway, TOKEN } from '../support/postgres-gateway.ts';
import { type PostgresServer, startPostgres } from '../support/postgres-server.ts';

const started = await startPostgres({ tls: true });
if (started === undefined) {
  console.log('SKIP: test/e2e/postgres: no PostgreSQL server binaries');
  process.exit(process.env['CI'] === 'true' ? 1 : 0);
}
const server: PostgresServer = started;
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
const gateway: PostgresGateway = await startPostgresGateway({
  upstream,
  password: server.password,
});

const test = suite('e2e/postgres');

const SCHEMA = `
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
const MASKS: readonly Mask[] = [
  { code: 'pii', with: 'redact', column: 'public.customers.email', rule: undefined },
];

interface Ran {
  readonly out: string;
  readonly err: string;
  readonly code: number;
}

interface Where {
  readonly port: number;
  readonly password: string;
  readonly database: string;
  readonly environment?: Record<string, string>;
}
const THROUGH: Where = { port: gateway.port, password: TOKEN, database: 'shop' };
const DIRECT: Where = { port: server.port, password: server.password, database: server.database };

function run(program: string, args: readonly string[], where: Where, input = ''): Promise<Ran> {
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
    child.stdin?.end(input);
  });
}

const psql = (input: string, where = THROUGH): Promise<Ran> =>
  run('psql', ['--no-psqlrc', '--quiet', '--no-align', '--tuples-only'], where, input);

async function withDriver<T>(use: (client: pg.Client) => Promise<T>, where = THROUGH): Promise<T> {
  const { port, password, database } = where;
  const client = new pg.Client({ host: '127.0.0.1', port, user: 'postgres', password, database });
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

test.before(async () => {
  const made = await psql(SCHEMA, DIRECT);
  assert.is(made.err, '');
});
test.before.each(() => {
  gateway.bench.decide = () => decision();
});
test.after(async () => {
  await gateway.stop();
  await server.stop();
});

test('psql prints the same through the gateway as directly: queries, errors, describe commands, \\copy', async () => {
  const script = `
select id, name, email, born from customers order by id limit 3;
\\d customers
\\d+ payments
\\df twice
\\dv
\\l
select 1/0;
select nothing from customers;
begin; savepoint a; select oops; rollback to a; select 'still'; commit;
\\set AUTOCOMMIT off
select 'in a transaction';
rollback;
\\set AUTOCOMMIT on
\\set FETCH_COUNT 100
select id from customers order by id;
\\unset FETCH_COUNT
create temp table copied (a int, b text);
\\copy copied from stdin
1	one
2	\\\\two\\ttab
\\.
\\copy copied to stdout
\\copy (select a from copied) to stdout csv header
copy copied to stdout (format csv);
\\bind 7 eight
select $1::int, $2::text \\g
\\gdesc
select 1 as x \\gset
\\echo :x
select 1 \\; select 2;
`;
  const [through, direct] = await Promise.all([psql(script), psql(script, DIRECT)]);
  assert.is(through.out, direct.out);
  assert.is(through.err, direct.err);
  assert.is(through.code, direct.code);
  assert.match(through.out, /user3@example\.com/);
});

test('pg_dump of everything is byte for byte the direct one', async () => {
  const args = ['--no-sync', '--restrict-key=same'];
  const supported = (await run('pg_dump', ['--help'], DIRECT)).out.includes('--restrict-key');
  const options = supported ? args : args.slice(0, 1);
  const [through, direct] = await Promise.all([
    run('pg_dump', options, THROUGH),
    run('pg_dump', options, DIRECT),
  ]);
  assert.is(through.err, direct.err);
  assert.is(through.code, 0);
  assert.is(through.out, direct.out);
  assert.match(through.out, /COPY public\.payments/);
});

test('the pg driver gets the same rows as directly, in text and binary, prepared and not', async () => {
  const ask = async (client: pg.Client): Promise<unknown[]> => {
    const text = 'select id, name, born, id * 2 as twice from customers where id < $1 order by id';
    const simple = await client.query('select id, name from customers where id < 4 order by id');
    const answers: unknown[] = [simple.rows];
    for (const binary of [false, true]) {
      const plain: pg.QueryConfig = Object.assign({ text, values: [4] }, { binary });
      const named: pg.QueryConfig = { ...plain, name: `q${binary}` };
      for (const each of [named, named, plain]) answers.push((await client.query(each)).rows);
    }
    return answers;
  };
  const through = await withDriver(ask);
  assert.equal(through, await withDriver(ask, DIRECT));
  assert.is(through.length, 7);
});

test('a masked column is masked in psql wherever it comes from, and the rest is not', async () => {
  gateway.bench.decide = () => decision({ masks: MASKS });
  const { out } = await psql(`
select id, name, email from customers where id = 1;
select c.email as harmless, c.name from customers c where id = 2;
with x as (select email as e from customers where id = 3) select e from x;
select upper(email) from customers where id = 4;
select email from contacts where id = 5;
select id || ':' || email from customers where id = 6;
select count(*) from customers;
select name from customers where id = 7;
begin; declare c cursor for select upper(email) from customers where id = 8; fetch all from c; commit;
prepare p as select upper(email) from customers where id = 9; execute p;
table customers limit 1;
update customers set name = name where id = 10 returning email;
`);
  assert.not.match(out, /@/i);
  assert.not.match(out, /USER\d/);
  assert.match(out, /^1\|name 1\|\[redacted\]$/m);
  assert.match(out, /^\[redacted\]\|name 2$/m);
  assert.match(out, /^500$/m);
  assert.match(out, /^name 7$/m);
});

test('a masked column is masked in binary rows of the driver, and counted', () =>
  withDriver(async (client) => {
    gateway.bench.decide = () => decision({ masks: MASKS });
    const before = gateway.bench.entries.length;
    for (const binary of [false, true]) {
      const query = {
        text: 'select id, email, name from customers where id <= $1 order by id',
        values: [2],
        binary,
      };
      const { rows } = await client.query(query);
      assert.equal(rows, [
        { id: 1, email: '[redacted]', name: 'name 1' },
        { id: 2, email: '[redacted]', name: 'name 2' },
      ]);
    }
    const finished = gateway.bench.entries
      .slice(before)
      .flatMap(({ entry }) => (entry.type === 'action.finished' ? [entry.outcome] : []));
    assert.equal(
      finished.map(({ rows, masked }) => [rows, masked]),
      [
        [2, { pii: 2 }],
        [2, { pii: 2 }],
      ],
    );
  }));

test('COPY of a masked table is masked row by row in text, and refused where it cannot be', async () => {
  gateway.bench.decide = () => decision({ masks: MASKS });
  const { out } = await psql('copy customers (id, email) to stdout;');
  assert.is(out.split('\n').filter((line) => line.endsWith('\t[redacted]')).length, 500);
  for (const text of [
    'copy customers to stdout (format csv);',
    'copy customers to stdout (format binary);',
    'copy (select email from customers) to stdout;',
    'create table stolen as select email from customers;',
    'insert into payments (note) select email from customers;',
  ]) {
    const refused = await psql(text);
    assert.is(refused.out, '', text);
    assert.match(refused.err, /cannot be kept/, text);
  }
});

test('errors and notices that could quote a masked value are withheld, their state is kept', async () => {
  gateway.bench.decide = () => decision({ masks: MASKS });
  const { err } = await psql(`\\set VERBOSITY verbose
select email::int from customers where id = 1;
do $$ begin raise notice '%', (select email from customers where id = 1); end $$;`);
  assert.match(err, /22P02/);
  assert.not.match(err, /user1/);
});

test('a masked query still streams: the plain columns of a large result arrive whole', async () => {
  gateway.bench.decide = () => decision({ masks: MASKS });
  const text =
    "select n, repeat('x', 100), email from generate_series(1, 20000) n left join customers on id = n;";
  const { out } = await psql(text);
  const lines = out.trimEnd().split('\n');
  assert.is(lines.length, 20_000);
  assert.is(lines.filter((line) => line.endsWith('|[redacted]')).length, 500);
});

test('without a catalog nothing that is masked is answered', async () => {
  const other = await startPostgresGateway({
    upstream: { ...upstream, user: 'limited' },
    password: 'limited password',
  });
  try {
    await psql(
      "create role limited login password 'limited password' connection limit 1; grant select on customers to limited;",
      DIRECT,
    );
    other.bench.decide = () => decision({ masks: MASKS });
    const { out, err } = await psql('select email from customers;', {
      ...THROUGH,
      port: other.port,
    });
    assert.is(out, '');
    assert.match(err, /catalog could not be read/);
  } finally {
    await other.stop();
  }
});

test('a held UPDATE waits with a notice, runs when it is approved, and is refused when it is denied', async () => {
  let wants = true;
  gateway.bench.decide = (input) =>
    input.action.class === 'write' && input.context.grants.length === 0 && wants
      ? decision({ effect: 'require_approval', approvals: [demand()] })
      : decision();
  const asked = gateway.bench.asked.length;
  const running = psql(
    "update customers set name = 'approved' where id = 20; select name from customers where id = 20;",
  );
  await until(() => gateway.bench.asked.length > asked);
  const request = gateway.bench.asked.at(-1);
  assert.is(request?.request.text, "update customers set name = 'approved' where id = 20;");
  wants = false;
  const grant = request?.grant();
  assert.ok(grant);
  request?.answer({ kind: 'granted', grant });
  const { out, err } = await running;
  assert.match(out, /^approved$/m);
  assert.match(err, /NOTICE: {2}waiting for approval approval-\d+: writes in production/);
  assert.match(err, /sallyport approve approval-\d+/);
  wants = true;
  const denied = psql("update customers set name = 'no' where id = 20;");
  await until(() => gateway.bench.asked.length > asked + 1);
  gateway.bench.asked.at(-1)?.answer({ kind: 'denied', by: 'dora', note: 'not today' });
  assert.match((await denied).err, /ERROR/);
  assert.equal((await psql('select name from customers where id = 20')).out, 'approved\n');
});

test('a cancel reaches the running statement and only that', () =>
  withDriver(async (client) => {
    const sleeping = client.query('select pg_sleep(20)').then(
      () => '',
      (error: { code?: string }) => error.code ?? '',
    );
    await until(() =>
      gateway.bench.entries.some(
        ({ entry }) =>
          entry.type === 'action.decided' && entry.input.text === 'select pg_sleep(20)',
      ),
    );
    // What the driver was told is the gateway's own key; the driver's own way to cancel uses it.
    await cancelLikeDriver(client);
    assert.is(await sleeping, '57014');
    const { rows } = await client.query('select 1 as one');
    assert.equal(rows, [{ one: 1 }]);
  }));

test('a cancel, and a client that goes away, withdraw what is held', async () => {
  gateway.bench.decide = () => decision({ effect: 'require_approval', approvals: [demand()] });
  const asked = gateway.bench.asked.length;
  await withDriver(async (client) => {
    const held = client.query('select 1').then(
      () => '',
      (error: { code?: string }) => error.code ?? '',
    );
    await until(() => gateway.bench.asked.length > asked);
    await cancelLikeDriver(client);
    assert.is(await held, '57014');
  });
  const gone = new pg.Client({
    host: '127.0.0.1',
    port: gateway.port,
    user: 'me',
    password: TOKEN,
    database: 'shop',
  });
  gone.on('error', () => undefined);
  await gone.connect();
  gone.query('select 2').catch(() => undefined);
  await until(() => gateway.bench.asked.length > asked + 1);
  (gone as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
  await until(() => gateway.bench.asked.at(-1)?.withdrawn() === true);
});

test('TLS on both sides: required of the client, verified at the target with channel binding', async () => {
  const { execFileSync } = await import('node:child_process');
  const { mkdtempSync, readFileSync, rmSync } = await import('node:fs');
  const { tmpdir } = await import('node:os');
  const { join } = await import('node:path');
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-tls-'));
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
  execFileSync(
    'openssl',
    // biome-ignore format: one option a word
    ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2',
      '-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', certificate],
    { stdio: 'pipe' },
  );
  const secured = await startPostgresGateway({
    upstream: { ...upstream, tls: 'verify-full', ca: server.certificate },
    password: server.password,
    tls: {
      certificate: readFileSync(certificate, 'utf8'),
      key: readFileSync(key, 'utf8'),
      required: true,
    },
  });
  const where = (environment: Record<string, string>): Where => ({
    ...THROUGH,
    port: secured.port,
    environment,
  });
  try {
    const verified = { PGSSLMODE: 'verify-full', PGSSLROOTCERT: certificate };
    const upstreamTls = 'select ssl from pg_stat_ssl where pid = pg_backend_pid();';
    assert.equal(await psql(upstreamTls, where(verified)), { out: 't\n', err: '', code: 0 });
    const clear = await psql('select 1', where({ PGSSLMODE: 'disable' }));
    assert.match(clear.err, /encrypted connections only/);
    assert.match(clear.err, /sslmode=require|FATAL/);
  } finally {
    await secured.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  const distrusting = await startPostgresGateway({
    upstream: { ...upstream, tls: 'verify-full' },
    password: server.password,
  });
  const refused = await psql('select 1', { ...THROUGH, port: distrusting.port });
  assert.match(refused.err, /cannot be reached: the TLS handshake failed/);
  await distrusting.stop();
});

test('direct TLS with ALPN is served, without the name of the protocol it is not', async () => {
  const { connect } = await import('node:tls');
  const secured = await startPostgresGateway({
    upstream,
    password: server.password,
    tls: { ...(await selfSigned()), required: true },
  });
  const greet = (ALPNProtocols: string[] | undefined): Promise<string> =>
    new Promise((resolve) => {
      const socket = connect({
        host: '127.0.0.1',
        port: secured.port,
        rejectUnauthorized: false,
        ...(ALPNProtocols === undefined ? {} : { ALPNProtocols }),
      });
      socket.on('error', () => resolve('closed'));
      socket.on('close', () => resolve('closed'));
      socket.on('secureConnect', () => socket.write(startupOf({ user: 'me', database: 'shop' })));
      socket.on('data', (chunk: Buffer) => {
        resolve(chunk.toString('latin1', 0, 1));
        socket.destroy();
      });
    });
  const { startup: startupOf } = await import('../support/postgres-wire.ts');
  assert.is(await greet(['postgresql']), 'R');
  assert.is.not(await greet(undefined), 'R');
  assert.is(await greet(['http/1.1']), 'closed');
  await secured.stop();
});

async function selfSigned(): Promise<{ certificate: string; key: string }> {
  const { execFileSync } = await import('node:child_process');
  const made = execFileSync(
    'openssl',
    // biome-ignore format: one option a word
    ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2',
      '-subj', '/CN=localhost', '-keyout', '-', '-out', '-'],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  ).toString();
  const part = (label: string): string =>
    new RegExp(`-----BEGIN ${label}-----[^]*?-----END ${label}-----\\n`).exec(made)?.[0] ?? '';
  return { key: part('PRIVATE KEY'), certificate: part('CERTIFICATE') };
}

async function cancelLikeDriver(client: pg.Client): Promise<void> {
  const { connect } = await import('node:net');
  const { packet, int32 } = await import('../support/postgres-wire.ts');
  const { processID, secretKey } = client as unknown as { processID: number; secretKey: number };
  await new Promise<void>((resolve) => {
    const socket = connect({ host: '127.0.0.1', port: gateway.port });
    socket.on('connect', () => socket.end(packet(80_877_102, int32(processID), int32(secretKey))));
    socket.on('close', () => resolve());
    socket.resume();
  });
}

test.run();
