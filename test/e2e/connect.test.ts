/**
 * `sallyport connect` with the programs people use, against a real gateway, database and service: what the program gets, what others
 * can see of it, and what is left when it is done.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CLI_MAIN, runCli, waitForOutput } from '../control/cli/run-cli.ts';
import {
  describeShop,
  makeGatewayFolder,
  startGatewayProcess,
} from '../support/gateway-process.ts';
import { runPsql } from '../support/postgres-fixture.ts';
import { startPostgres } from '../support/postgres-server.ts';

const test = suite('e2e/connect');

const server = await startPostgres();
if (server === undefined) {
  console.log('SKIP: e2e/connect: no PostgreSQL server binaries');
  process.exit(process.env['CI'] === 'true' ? 1 : 0);
}
const service = createServer((_request, answer) => answer.end('served\n'));
await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
const folder =
  makeGatewayFolder(`listen: {postgres: "127.0.0.1:0", http: "127.0.0.1:0", api: "127.0.0.1:0"}
identities:
  - {subject: ana}
  - {subject: zoe, groups: [auditors]}
  - {subject: root, groups: [sallyport-admins]}
resources:
${describeShop(server)}  - {name: web, type: http, url: "http://127.0.0.1:${(service.address() as AddressInfo).port}"}
`);
const ana = await folder.token('ana');
const gateway = await startGatewayProcess(folder);
const { postgres = 0, http = 0, api = 0 } = gateway.ports;
const runtime = join(folder.dir, 'runtime');
folder.write('runtime/.keep', '');
const env = { SALLYPORT_TOKEN: ana, XDG_RUNTIME_DIR: runtime };

const connect = (args: readonly string[], more: Record<string, string> = {}) =>
  runCli(['connect', ...args], { cwd: folder.dir, env: { ...env, ...more } });
const left = (): readonly string[] => readdirSync(runtime).filter((name) => name !== '.keep');

/** The program of a connection that goes on until it is told to stop. */
function start(args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [CLI_MAIN, 'connect', ...args], {
    cwd: folder.dir,
    env: { PATH: process.env['PATH'], HOME: folder.dir, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
}

const callApi = async (path: string, token: string, body?: object) => {
  const answer = await fetch(`http://127.0.0.1:${api}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
};

test('psql reaches the database as it is, with the reason given', async () => {
  const ran = await connect(
    ['shop', '--reason', 'ticket 7: it is late', '--', 'psql', '-XAtc', 'select 40 + 2'],
    { PGPASSWORD: 'wrong', PGHOSTADDR: '192.0.2.1', PGSERVICE: 'none' },
  );
  assert.equal([ran.stdout, ran.stderr, ran.code], ['42\n', '', 0]);
  assert.equal(left(), []);
});

test('curl reaches the service by the address it is given', async () => {
  const ran = await connect([
    'web',
    '--',
    'sh',
    '-c',
    'curl -s "$SALLYPORT_URL/a"; curl -q -s -H @"$SALLYPORT_HEADER_FILE" "$SALLYPORT_URL/b"; curl -q -s -o /dev/null -w "%{http_code}\\n" "$SALLYPORT_URL/c"',
  ]);
  assert.equal([ran.stdout, ran.stderr, ran.code], ['served\nserved\n401\n', '', 0]);
});

test('the exit code of the program is passed on, and a program that is not there has one', async () => {
  assert.is((await connect(['shop', '--', 'sh', '-c', 'exit 7'])).code, 7);
  assert.is((await connect(['shop', '--', 'psql', '-XAtc', 'nonsense'])).code, 1);
  assert.is((await connect(['shop', '--', 'sh', '-c', 'kill -TERM $$'])).code, 143);
  const missing = await connect(['shop', '--', 'no-such-program-here']);
  assert.equal(
    [missing.code, missing.stderr],
    [127, 'sallyport: there is no program no-such-program-here\n'],
  );
  assert.is((await connect(['shop', '--', folder.dir])).code, 126);
  assert.equal(left(), []);
});

test('a signal goes to the program, and the token ends with it', async () => {
  const script =
    'trap "echo told; exit 9" TERM; cut -d: -f5 "$PGPASSFILE"; while :; do sleep 0.1; done';
  const child = start(['shop', '--', 'sh', '-c', script]);
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [token] = await waitForOutput(child, /eyJ\S+/);
  assert.is(
    (await runPsql('select 1', { port: postgres, password: token, database: 'shop' })).out,
    '1\n',
  );
  const told = waitForOutput(child, /told/);
  child.kill('SIGTERM');
  await told;
  assert.is(await ended, 9);
  assert.equal(left(), []);
  const after = await runPsql('select 1', { port: postgres, password: token, database: 'shop' });
  assert.match(after.err, /the token was revoked/);
});

test('nobody sees the token in the list of processes or in the environment of the program', async () => {
  const child = start([
    'shop',
    '--',
    'sh',
    '-c',
    'cut -d: -f5 "$PGPASSFILE"; echo "$$"; exec sleep 30',
  ]);
  const ended = new Promise((resolve) => child.once('close', resolve));
  const [, token = '', pid = ''] = await waitForOutput(child, /(eyJ\S+)\n(\d+)\n/);
  const seen = [child.pid, pid]
    .map((id) => readFileSync(`/proc/${id}/cmdline`, 'latin1'))
    .join('\n');
  const environment = readFileSync(`/proc/${pid}/environ`, 'latin1');
  assert.match(environment, /PGPASSFILE=/);
  for (const secret of [token, ana]) assert.not.ok((seen + environment).includes(secret));
  assert.not.match(environment, /SALLYPORT_TOKEN/);
  child.kill('SIGTERM');
  await ended;
});

test('the token opens its resource and nothing else', async () => {
  const made = await callApi('/v1/connections', ana, { resource: 'shop' });
  const token = String(made.body['token']);
  const other = await fetch(`http://127.0.0.1:${http}/`, {
    headers: { authorization: `Bearer ${token}` },
  }).then((answer) => answer.status);
  assert.is(other, 404, 'an address is no resource');
  const web = await connect([
    'web',
    '--',
    'sh',
    '-c',
    `curl -q -s -o /dev/null -w '%{http_code}' -H 'Authorization: Bearer ${token}' "$SALLYPORT_URL"`,
  ]);
  assert.is(web.stdout, '403');
  for (const path of ['/v1/sessions', '/v1/consents', '/v1/approvals'])
    assert.equal((await callApi(path, token)).body['code'], 'identity/out-of-scope', path);
  const again = await callApi('/v1/connections', token, { resource: 'shop' });
  assert.is(again.body['code'], 'identity/out-of-scope', 'it makes no other');
  const exchanged = await fetch(`http://127.0.0.1:${api}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      subject_token: token,
      subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      actor_token: token,
      actor_token_type: 'urn:ietf:params:oauth:token-type:access_token',
    }),
  });
  assert.is(((await exchanged.json()) as Record<string, unknown>)['code'], 'identity/out-of-scope');
  assert.is(
    (await callApi('/v1/connections/end', ana, {})).body['code'],
    'identity/not-a-connection',
  );
  assert.is((await callApi('/v1/connections/end', token, {})).status, 200);
  assert.is((await callApi('/v1/connections/end', token, {})).body['code'], 'identity/revoked');
});

test('it lives no longer than what it was made from, and ends with it', async () => {
  const short = await folder.token('ana', '--ttl', '20s');
  const made = await callApi('/v1/connections', short, {
    resource: 'shop',
    lifetime_seconds: 3600,
  });
  const leftMs = Date.parse(String(made.body['expires_at'])) - Date.now();
  assert.ok(leftMs <= 20_000, `${leftMs}`);
  const token = String(made.body['token']);
  await callApi('/v1/token/revoke', short, {});
  const ran = await runPsql('select 1', { port: postgres, password: token, database: 'shop' });
  assert.match(ran.err, /the token was revoked/);
  for (const [path, body, code] of [
    ['/v1/connections', { resource: 'nothing' }, 'resource/unknown'],
    ['/v1/connections', { resource: 'shop', lifetime_seconds: 1 }, 'api/bad-request'],
    ['/v1/connections', { resource: 'shop', lifetime_seconds: 90_000 }, 'api/bad-request'],
  ] as const)
    assert.is((await callApi(path, ana, body)).body['code'], code);
});

test('--print-env prints what a shell can read, and warns', async () => {
  const ran = await connect(['shop', '--print-env', '--ttl', '30s', '--reason', "it's mine"]);
  assert.is(ran.code, 0);
  assert.match(
    ran.stderr,
    /^# a token for shop until \S+; whoever can read these lines can use it\n$/,
  );
  const psql = spawn('sh', ['-c', `${ran.stdout}\npsql -XAtc 'select 7'`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  assert.is((await waitForOutput(psql, /^\d+\n/))[0], '7\n');
  assert.match(ran.stdout, /^export PGOPTIONS='-c sallyport\.reason=it'\\''s\\ mine'$/m);
  const web = await connect(['web', '--print-env']);
  assert.match(
    web.stdout,
    /^export SALLYPORT_URL='http:\/\/web\.localhost:\d+'\nexport SALLYPORT_AUTHORIZATION='Bearer eyJ/,
  );
});

test('a command line that says neither or both, and a token that is not there, are faults of usage', async () => {
  for (const args of [
    ['shop'],
    ['shop', '--print-env', '--', 'psql'],
    ['shop', '--ttl', 'long', '--', 'psql'],
  ])
    assert.is((await connect(args)).code, 2, args.join(' '));
  assert.is((await connect(['nothing', '--', 'psql'])).code, 1);
  assert.is((await connect(['shop', '--', 'psql'], { SALLYPORT_TOKEN: '' })).code, 2);
});

test('a live session ends at once when its owner or an admin says so, and nobody else', async () => {
  const child = start(['shop', '--', 'psql', '-XAt']);
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  child.stdin?.write("select 'ready';\n");
  await waitForOutput(child, /ready/);
  const { body } = await callApi('/v1/sessions', ana);
  const open = (body['sessions'] as { id: string; ended_at?: string }[]).find(
    (one) => one.ended_at === undefined,
  );
  const id = open?.id ?? '';
  const end = (token: string, ...more: string[]) =>
    runCli(['sessions', 'end', id, ...more], { cwd: folder.dir, env: { SALLYPORT_TOKEN: token } });
  assert.match(
    (await end(await folder.token('zoe'))).stderr,
    /session\/not-found|api\/forbidden/,
    'an auditor sees it only',
  );
  const done = await end(await folder.token('root'), '--reason', 'the table is being moved');
  assert.equal([done.stdout, done.code], [`session ${id} has ended\n`, 0]);
  child.stdin?.end('select 1;\n');
  assert.is(await ended, 2);
  assert.match(
    said,
    /FATAL: +the session was ended by root\nDETAIL: +session\/ended-by\nHINT: +the table is being moved/,
  );
  const again = await end(ana);
  assert.match(again.stderr, /session\/not-open/);
  const replayed = await runCli(['replay', id], { cwd: folder.dir });
  assert.match(replayed.stdout, /ENDED +by root: the table is being moved/);
  assert.match(replayed.stdout, /CLOSED +session\/ended-by/);
});

test('when the gateway is gone at the end, the program keeps its exit code and the user is told', async () => {
  const child = start(['shop', '--', 'sh', '-c', 'echo ready; read line; exit 3']);
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  await waitForOutput(child, /ready/);
  await gateway.end('SIGTERM');
  child.stdin?.end('\n');
  assert.is(await ended, 3);
  assert.match(said, /was not ended; it ends when it expires/);
  assert.equal(left(), []);
});

test('the journal tells of every connection token, and holds none', async () => {
  const dir = folder.journal;
  const text = readdirSync(dir)
    .map((name) => readFileSync(join(dir, name), 'latin1'))
    .join('');
  assert.ok(text.includes('ana got a token for shop until'));
  assert.ok(text.includes('"type":"session.ended"'));
  assert.not.match(text, /eyJ[A-Za-z0-9_-]{20}/);
});

test.after(async () => {
  await gateway.end('SIGTERM');
  service.close();
  await server.stop();
  folder.remove();
});
test.run();
