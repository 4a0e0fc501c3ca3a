/**
 * From the demo to one's own database or service: `sallyport init` in an empty folder against a real server, and every command it
 * says to type next, with real psql and curl. Then what it refuses.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { findFreePort, runCli } from '../control/cli/run-cli.ts';
import { type GatewayProcess, startGatewayProcess } from '../support/gateway-process.ts';
import { startPostgres } from '../support/postgres-server.ts';
import { runProgram } from '../support/run-program.ts';

const init = suite<{ cwd: string; running: GatewayProcess[]; services: Server[] }>('e2e/init');

init.before.each((context) => {
  context.cwd = mkdtempSync(join(tmpdir(), 'sallyport-init-'));
  context.running = [];
  context.services = [];
});
init.after.each(async ({ cwd, running, services }) => {
  for (const gateway of running) await gateway.end('SIGTERM');
  for (const service of services) service.close();
  rmSync(cwd, { recursive: true, force: true });
});

const server = await startPostgres();
init.after(() => server?.stop());

/** The ports a starter names are fixed: another test may hold them, so the file is edited as a user would. */
function movePorts(cwd: string): void {
  const path = join(cwd, 'sallyport.yaml');
  const text = readFileSync(path, 'utf8');
  writeFileSync(path, text.replace(/127\.0\.0\.1:(15432|18080|7070)$/gm, '127.0.0.1:0'));
}

async function startService(services: Server[]): Promise<number> {
  const service = createServer((request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ path: request.url, saw: request.headers['authorization'] }));
  });
  services.push(service);
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
  const address = service.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

if (server === undefined) console.log('SKIP: no PostgreSQL server binaries on this machine');
else {
  const { host, port, user, password, database } = server;
  const url = new URL(`postgres://${user}@${host}:${port}/${database}`);
  url.password = password;

  init('a starter for a database checks, starts, and serves psql', async (context) => {
    const { cwd } = context;
    const made = await runCli(['init', '--postgres', url.href, '--name', 'shop'], { cwd });
    assert.is(made.code, 0);
    assert.match(
      made.stdout,
      /^reached PostgreSQL 1\d\.\d+.* at 127\.0\.0\.1\nwrote sallyport\.yaml\n/,
    );
    assert.not.match(
      made.stdout + made.stderr + readFileSync(join(cwd, 'sallyport.yaml'), 'utf8'),
      /correct/,
    );
    assert.is(statSync(join(cwd, '.sallyport', 'shop-password')).mode & 0o777, 0o600);

    const checked = await runCli(['check'], { cwd });
    assert.is(checked.code, 0, checked.stderr);
    movePorts(cwd);
    const gateway = await startGatewayProcess({ dir: cwd });
    context.running.push(gateway);
    const [, subject = ''] = /sallyport token (\S+)\)/.exec(made.stdout) ?? [];
    const token = (await runCli(['token', subject], { cwd })).stdout.trim();
    const psql = (sql: string) =>
      runProgram(
        'psql',
        [
          '-h',
          '127.0.0.1',
          '-p',
          String(gateway.ports['postgres']),
          '-U',
          subject,
          '-At',
          '-c',
          sql,
          'shop',
        ],
        { PGPASSWORD: token },
      );
    assert.equal(await psql('select 6 * 7'), { code: 0, stdout: '42\n', stderr: '' });
    const dropped = await psql('drop table pg_class');
    assert.is(dropped.code, 1);
    assert.match(
      dropped.stderr,
      /ERROR: .*DROP TABLE destroys data\n?.*\nDETAIL: {2}destructive: .*\(guardrails\.postgres\.block policies\/guardrails\.policy:\d+\)/,
    );
  });

  init('nothing is overwritten, and a wrong password writes nothing', async ({ cwd }) => {
    const wrong = new URL(url);
    wrong.password = 'wrong';
    const refused = await runCli(['init', '--postgres', wrong.href], { cwd });
    assert.is(refused.code, 3);
    assert.match(
      refused.stderr,
      /^error\[target\/unreachable\]: PostgreSQL at 127\.0\.0\.1:\d+ cannot be used: password authentication failed for user "postgres"\n {2}help: .*\n$/,
    );
    assert.equal(readdirSync(cwd), []);

    writeFileSync(join(cwd, 'sallyport.yaml'), 'mine');
    const existing = await runCli(['init', '--postgres', url.href], { cwd });
    assert.is(existing.code, 2);
    assert.match(
      existing.stderr,
      /^error\[init\/exists\]: sallyport\.yaml is there already; nothing was written\n {2}help: .*--dir DIR\n$/,
    );
    assert.equal(readdirSync(cwd), ['sallyport.yaml']);
    assert.is(readFileSync(join(cwd, 'sallyport.yaml'), 'utf8'), 'mine');
  });
}

init('a starter for a service checks, starts, and serves curl', async (context) => {
  const { cwd } = context;
  const port = await startService(context.services);
  const made = await runCli(['init', '--http', `http://127.0.0.1:${port}`, '--name', 'billing'], {
    cwd,
  });
  assert.is(made.code, 0, made.stderr);
  assert.match(made.stdout, /^reached http:\/\/127\.0\.0\.1:\d+, which answered 200\nwrote /);
  const checked = await runCli(['check'], { cwd });
  assert.is(checked.code, 0, checked.stderr);
  movePorts(cwd);
  const gateway = await startGatewayProcess({ dir: cwd });
  context.running.push(gateway);
  const [, subject = ''] = /sallyport token (\S+)\)/.exec(made.stdout) ?? [];
  const token = (await runCli(['token', subject], { cwd })).stdout.trim();
  const curl = (...args: string[]) =>
    runProgram('curl', ['-s', '-H', 'Host: billing.localhost', ...args]);
  const base = `http://127.0.0.1:${gateway.ports['http']}`;
  const answer = await curl('-H', `Authorization: Bearer ${token}`, `${base}/customers/1`);
  assert.equal(JSON.parse(answer.stdout), { path: '/customers/1' });
  const blocked = await curl('-i', '-H', `Authorization: Bearer ${token}`, `${base}/admin/users`);
  assert.match(blocked.stdout, /^HTTP\/1\.1 403[\s\S]*"code":"admin-path"/);
  assert.match((await curl('-i', `${base}/customers/1`)).stdout, /^HTTP\/1\.1 401/);
});

init('what cannot be an address, or does not answer, is one coded sentence', async ({ cwd }) => {
  const closed = await findFreePort();
  const cases: readonly (readonly [readonly string[], number, RegExp])[] = [
    [
      ['--postgres', 'mysql://root@localhost/db'],
      2,
      /^error\[usage\/invalid\]: this is not a PostgreSQL address/,
    ],
    [['--postgres', 'nonsense'], 2, /^error\[usage\/invalid\]: this is not a PostgreSQL address/],
    [
      ['--http', 'ftp://files.test'],
      2,
      /^error\[usage\/invalid\]: this is not an http or https address/,
    ],
    [[], 2, /^error\[usage\/invalid\]: there is nothing to guard yet/],
    [
      ['--postgres', `postgres://u:p@127.0.0.1:${closed}/db`],
      3,
      /^error\[target\/unreachable\]: PostgreSQL at 127\.0\.0\.1:\d+ cannot be used: connect ECONNREFUSED/,
    ],
    [
      ['--http', `http://127.0.0.1:${closed}/`],
      3,
      /^error\[target\/unreachable\]: http:\/\/127\.0\.0\.1:\d+\/ cannot be used: connect ECONNREFUSED/,
    ],
  ];
  for (const [args, code, message] of cases) {
    const refused = await runCli(['init', ...args], { cwd });
    assert.is(refused.code, code, args.join(' '));
    assert.match(refused.stderr, message);
    assert.match(refused.stderr, /\n {2}help: \S.*\n$/);
    assert.is(refused.stderr.split('\n').length, 3, refused.stderr);
  }
  assert.equal(readdirSync(cwd), []);
});

init.run();
