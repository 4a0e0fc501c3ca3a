/**
 * Known secrets are put through a whole gateway, in good requests and bad ones, and then looked for in everything it wrote,
 * answered or showed: output, journal, store, API, command line. The list only grows; a case is never weakened.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { runCli } from '../control/cli/run-cli.ts';
import {
  describeShop,
  makeGatewayFolder,
  startGatewayProcess,
} from '../support/gateway-process.ts';
import { runPsql } from '../support/postgres-fixture.ts';
import { startPostgres } from '../support/postgres-server.ts';

const test = suite('bypass/secrets');

const CANARIES = {
  injected: 'canary-injected-0a1b2c3d',
  'wrong target password': 'canary-password-4e5f6a7b',
  'bad token': 'canary-bad-token-8c9d0e1f',
  cookie: 'canary-cookie-2a3b4c5d',
  'api key of the client': 'canary-client-key-6e7f8a9b',
} as const;
const SECRET_FILES = ['token-signing-key.pem', 'journal-key.pem', 'mask-secret'];

interface Heard {
  readonly status: number;
  readonly text: string;
}

/** One HTTP request; the answer with its headers as text. */
function ask(
  port: number,
  path: string,
  headers: Readonly<Record<string, string>>,
  method = 'GET',
): Promise<Heard> {
  return new Promise((resolve, reject) => {
    const sent = request(
      { host: '127.0.0.1', port, path, method, headers, agent: false },
      (answer) => {
        let text = JSON.stringify(answer.headers);
        answer.on('data', (chunk: Buffer) => {
          text += chunk.toString();
        });
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }));
      },
    );
    sent.on('error', reject);
    sent.end();
  });
}

/** Every file below, as bytes that are searched as text. */
function filesBelow(dir: string): { readonly path: string; readonly text: string }[] {
  return readdirSync(dir, { withFileTypes: true }).flatMap((entry) => {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) return filesBelow(path);
    return entry.isFile() ? [{ path, text: readFileSync(path, 'latin1') }] : [];
  });
}

test('no secret is in anything that the gateway writes, answers or shows', async () => {
  const server = await startPostgres();
  if (server === undefined) {
    console.log('SKIP: bypass/secrets: no PostgreSQL server binaries');
    assert.is(process.env['CI'] === 'true', false);
    return;
  }
  let injectedCame = false;
  const target = createServer((got, answer) => {
    injectedCame ||= got.headers['x-service-key'] === CANARIES.injected;
    answer.setHeader('content-type', 'application/json');
    answer.end('{"ok":true}');
  });
  await new Promise<void>((resolve) => target.listen(0, '127.0.0.1', resolve));
  const { port: targetPort } = target.address() as AddressInfo;
  const inject = `inject: [{header: X-Service-Key, value: ${CANARIES.injected}}]`;
  const folder =
    makeGatewayFolder(`listen: {postgres: "127.0.0.1:0", http: "127.0.0.1:0", api: "127.0.0.1:0"}
identities:
  - {subject: ana, groups: [admins, auditors]}
  - {subject: bot, kind: agent, owner: ana}
resources:
${describeShop(server)}  - {name: broken, type: postgres, host: ${server.host}, port: ${server.port}, user: ${server.user}, database: ${server.database}, password: "${CANARIES['wrong target password']}"}
  - {name: web, type: http, url: "http://127.0.0.1:${targetPort}", ${inject}}
  - {name: gone, type: http, url: "http://127.0.0.1:1", ${inject}}
`);
  const shown: string[] = [];
  const token = await folder.token('ana');
  const agentToken = await folder.token('bot', '--for', 'ana').catch(() => folder.token('bot'));
  const gateway = await startGatewayProcess(folder, ['--log-level', 'debug']);
  const { postgres = 0, http = 0, api = 0 } = gateway.ports;
  try {
    for (const [password, database] of [
      [token, 'shop'],
      [agentToken, 'shop'],
      [CANARIES['bad token'], 'shop'],
      [token, 'broken'],
      [token, 'nowhere'],
      [token, 'shop/other'],
    ] as const) {
      const ran = await runPsql("select 1;\nselect 1 from nowhere;\nselect 'x'::int", {
        port: postgres,
        password,
        database,
      });
      shown.push(ran.out, ran.err);
    }
    for (const host of ['web', 'gone', 'nowhere'])
      for (const bearer of [token, CANARIES['bad token']]) {
        const headers = {
          host: `${host}.localhost`,
          authorization: `Bearer ${bearer}`,
          cookie: `session=${CANARIES.cookie}`,
          'x-api-key': CANARIES['api key of the client'],
        };
        for (const path of ['/a', '/a;b']) shown.push((await ask(http, path, headers)).text);
      }
    assert.ok(injectedCame);
    const seen: Record<string, number> = {};
    for (const bearer of [token, CANARIES['bad token']])
      for (const path of [
        '/metrics',
        '/healthz',
        '/readyz',
        '/openapi.json',
        '/v1/sessions',
        '/v1/policy',
        '/v1/approvals',
        '/v1/approvals/none',
      ]) {
        const heard = await ask(api, path, { authorization: `Bearer ${bearer}` });
        if (bearer === token) seen[path] = heard.status;
        shown.push(heard.text);
      }
    assert.is(seen['/v1/sessions'], 200);
    const list = await ask(api, '/v1/sessions', { authorization: `Bearer ${token}` });
    for (const [, id] of list.text.matchAll(/"id":"([^"]+)"/g)) {
      shown.push((await ask(api, `/v1/sessions/${id}`, { authorization: `Bearer ${token}` })).text);
    }
    const more = { cwd: folder.dir };
    for (const args of [['check'], ['sessions', '--token', token], ['verify']]) {
      const ran = await runCli(args, more);
      shown.push(ran.stdout, ran.stderr);
    }
    shown.push(readFileSync(`/proc/${gateway.child.pid}/cmdline`, 'latin1'));
  } finally {
    await gateway.end('SIGTERM');
    target.close();
    await server.stop();
  }
  folder.write(
    'broken.yaml',
    `resources: [{name: x, type: http, url: "http://u:${CANARIES.injected}@h", ${inject}, tipe: 1}]`,
  );
  const broken = await runCli(['start', '--config', 'broken.yaml'], { cwd: folder.dir });
  assert.is.not(broken.code, 0);
  for (const line of [
    `{name: x, type: postgres, url: "postgres://u:${CANARIES.injected}@h:port/db"}`,
    `{name: x, type: postgres, password: ${CANARIES.injected}, port: many}`,
    `{name: x, type: postgres, password: [${CANARIES.injected}]}`,
    `{name: x, type: http, url: "http://u:${CANARIES.injected}@h", ${inject}, tipe: 1}`,
    `{name: x, type: http, url: nothing, 'inject': [{"header": X, "value": '${CANARIES.injected}'}]}`,
  ]) {
    folder.write('broken.yaml', `identities: [{subject: ana}]\nresources:\n  - ${line}\n`);
    const ran = await runCli(['start', '--config', 'broken.yaml'], { cwd: folder.dir });
    assert.is.not(ran.code, 0, line);
    shown.push(ran.stdout, ran.stderr);
  }
  shown.push(broken.stdout, broken.stderr, gateway.output());

  const files = filesBelow(join(folder.dir, '.sallyport'));
  const held = files.filter(({ path }) => SECRET_FILES.some((name) => path.endsWith(name)));
  assert.is(held.length, SECRET_FILES.length);
  const keyLines = held.map(({ path, text }): [string, string] => {
    const lines = text.split('\n').filter((line) => !line.startsWith('-----'));
    return [path, lines[0] ?? ''];
  });
  const secrets: [string, string][] = [
    ...Object.entries(CANARIES),
    ['token', token],
    ['token of the agent', agentToken],
    ['signature of the token', token.split('.')[2] ?? ''],
    ['target password', server.password],
    ...keyLines,
  ];
  const places = [
    ...shown.map((text, at) => ({ path: `shown ${at}`, text })),
    ...files.filter((file) => !held.includes(file)),
  ];
  assert.ok(files.some(({ path, text }) => path.includes('journal') && text.includes('select 1')));
  for (const [what, secret] of secrets) {
    assert.ok(secret.length >= 8, `${what} is long enough to be looked for`);
    const found = places.find(({ text }) => text.includes(secret));
    assert.is(found?.path, undefined, `${what}: ${found?.text.slice(0, 300)}`);
  }
  folder.remove();
});

test.run();
