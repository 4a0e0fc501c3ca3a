/**
 * The gateway stops, or is killed, while a hundred clients wait for an approval: each of them gets a clear answer, nothing runs, and
 * nobody can say yes afterwards to what nobody waits for.
 */
import pg from 'pg';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { runCli } from '../control/cli/run-cli.ts';
import {
  describeShop,
  type GatewayProcess,
  makeGatewayFolder,
  startGatewayProcess,
} from '../support/gateway-process.ts';
import { type Ran, runPsql, withDriver } from '../support/postgres-fixture.ts';
import { startPostgres } from '../support/postgres-server.ts';

const test = suite('e2e/approvals-restart');

/** Clients that wait; some of them are psql, which is a process each. */
const DRIVERS = 92;
const PSQLS = 8;
const CLIENTS = DRIVERS + PSQLS;
/** Milliseconds a hundred clients may take to get to their wait, or to their answer. */
const LIMIT_MS = 90_000;

const POLICY = `package access

default allow := true

require_approval contains {"code": "write", "reason": "writes wait", "approvers": {"groups": ["dba"]}, "expires": "10m", "scope": "statement"} if input.action.class == "write"
`;

const server = await startPostgres({ settings: { max_connections: '150' } });
if (server === undefined) {
  console.log('SKIP: e2e/approvals-restart: no PostgreSQL server binaries on this machine');
  process.exit(process.env['CI'] === 'true' ? 1 : 0);
}
const folder = makeGatewayFolder(
  `listen: {postgres: "127.0.0.1:0", api: "127.0.0.1:0"}
limits: {pending_approvals: 200, api_rate: 100000}
identities: [{subject: ana}, {subject: dora, groups: [dba]}]
resources:
${describeShop(server)}`,
  POLICY,
);
const [ana, dora] = await Promise.all([folder.token('ana'), folder.token('dora')]);
test.before(() =>
  withDriver(server, async (client) => void (await client.query('create table once (id int)'))),
);
test.after(async () => {
  for (const each of started) await each.end('SIGKILL');
  await server.stop();
  folder.remove();
});

interface Listed {
  readonly id: string;
  readonly state: string;
}

async function listed(gateway: GatewayProcess, state: string): Promise<readonly Listed[]> {
  const url = `http://127.0.0.1:${gateway.ports['api']}/v1/approvals?state=${state}`;
  const answer = await fetch(url, { headers: { authorization: `Bearer ${dora}` } });
  assert.is(answer.status, 200);
  return ((await answer.json()) as { readonly approvals: readonly Listed[] }).approvals;
}

interface Waiting {
  /** What each driver was told: an error's code and message, or that it ran. */
  readonly drivers: Promise<readonly string[]>;
  readonly psqls: Promise<readonly Ran[]>;
}

const started: GatewayProcess[] = [];
async function start(): Promise<GatewayProcess> {
  const gateway = await startGatewayProcess(folder, ['--log-level', 'warn']);
  started.push(gateway);
  return gateway;
}

async function letThemWait(gateway: GatewayProcess): Promise<Waiting> {
  const port = gateway.ports['postgres'] ?? 0;
  const where = { port, password: ana, database: 'shop' };
  const drivers = Array.from({ length: DRIVERS }, async (_each, at): Promise<string> => {
    const client = new pg.Client({ host: '127.0.0.1', user: 'ana', ...where });
    client.on('error', () => undefined);
    await client.connect();
    return client.query(`insert into once values (${at})`).then(
      () => 'ran',
      (error: Error & { readonly code?: string }) => `${error.code ?? ''} ${error.message}`.trim(),
    );
  });
  const psqls = Array.from({ length: PSQLS }, (_each, at) =>
    runPsql(`insert into once values (${1000 + at});`, where),
  );
  const waiting = { drivers: Promise.all(drivers), psqls: Promise.all(psqls) };
  waiting.drivers.catch(() => undefined);
  const deadline = performance.now() + LIMIT_MS;
  for (let count = 0; count < CLIENTS; count = (await listed(gateway, 'pending')).length) {
    if (performance.now() > deadline) throw new Error(`only ${count} wait: ${gateway.output()}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return waiting;
}

const rows = (): Promise<number> =>
  withDriver(server, async (client) =>
    Number((await client.query('select count(*) from once')).rows[0].count),
  );

/** After the restart: nothing ran, nothing is pending, and no old request can be approved. */
async function assertNothingLeft(gateway: GatewayProcess): Promise<void> {
  assert.is(await rows(), 0);
  assert.equal(await listed(gateway, 'pending'), []);
  const [old] = await listed(gateway, 'cancelled');
  const late = await runCli(['approve', old?.id ?? ''], {
    cwd: folder.dir,
    env: { SALLYPORT_TOKEN: dora },
  });
  assert.equal([late.code, /the request is cancelled already/.test(late.stderr)], [1, true]);
  assert.is(await rows(), 0);
  const verified = await runCli(['verify'], { cwd: folder.dir });
  assert.equal([verified.code, /^ok: /.test(verified.stdout)], [0, true]);
}

test('a hundred who wait when the gateway stops are told so, each of them', async () => {
  const gateway = await start();
  const { drivers, psqls } = await letThemWait(gateway);
  assert.is(await gateway.end('SIGTERM'), 0);
  const told = await drivers;
  assert.equal([...new Set(told)], ['57P01 the gateway is shutting down']);
  assert.is(told.length, DRIVERS);
  for (const { code, err } of await psqls) {
    assert.is.not(code, 0);
    assert.match(err, /FATAL: {2}the gateway is shutting down[\s\S]*HINT: {2}Reconnect\./);
  }
  const again = await start();
  await assertNothingLeft(again);
  assert.is(await again.end('SIGTERM'), 0);
});

test('a hundred who wait when the gateway is killed see the connection break, and nothing runs', async () => {
  const gateway = await start();
  const { drivers, psqls } = await letThemWait(gateway);
  assert.is(await gateway.end('SIGKILL'), null);
  const told = await drivers;
  assert.is(told.length, DRIVERS);
  for (const each of told) assert.match(each, /Connection terminated unexpectedly|ECONNRESET/);
  for (const { code, err } of await psqls) {
    assert.is.not(code, 0);
    assert.match(err, /server closed the connection unexpectedly|Connection reset by peer/);
  }
  const again = await start();
  assert.match(
    again.output(),
    /"requests":100,"msg":"requests left by an earlier run were withdrawn"/,
  );
  await assertNothingLeft(again);
  assert.is(await again.end('SIGTERM'), 0);
});

test.run();
