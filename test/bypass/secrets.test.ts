/**
 * Known secrets are put through a whole gateway, in good requests and bad ones, and then looked for in everything it wrote,
 * answered or showed: output, journal, store, API, command line. The list only grows; a case is never weakened.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, request, type Server } from 'node:http';
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
  'secret of a file': 'canary-of-file-0c1d2e3f',
  'sealed secret': 'canary-sealed-4a5b6c7d',
  'replaced sealed secret': 'canary-replaced-8e9f0a1b',
  'secret of vault': 'canary-of-vault-2c3d4e5f',
  'token for vault': 'canary-vault-token-6a7b8c9d',
  'secret of aws': 'canary-of-aws-0e1f2a3b',
  'key for aws': 'canary-aws-key-4c5d6e7f',
} as const;
const SECRET_FILES = [
  'token-signing-key.pem',
  'journal-key.pem',
  'mask-secret',
  'secret-keys',
  'link-key',
];

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

/** Stands in for a Vault-compatible server and for AWS: each gives its secret to whoever asks, faults quote what they were sent. */
async function startSecretStores(): Promise<Server> {
  const server = createServer((got, answer) => {
    answer.setHeader('content-type', 'application/json');
    const { url = '', headers } = got;
    if (headers['x-amz-target'] !== undefined)
      answer.end(JSON.stringify({ SecretString: CANARIES['secret of aws'] }));
    else if (url.startsWith('/v1/kv/web'))
      answer.end(JSON.stringify({ data: { key: CANARIES['secret of vault'] } }));
    else {
      answer.statusCode = 404;
      answer.end(JSON.stringify({ errors: [headers['x-vault-token'], headers.authorization] }));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
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
  const fetchedKeys = new Set<string>();
  const target = createServer((got, answer) => {
    injectedCame ||= got.headers['x-service-key'] === CANARIES.injected;
    fetchedKeys.add(String(got.headers['x-fetched-key']));
    answer.setHeader('content-type', 'application/json');
    answer.end('{"ok":true}');
  });
  await new Promise<void>((resolve) => target.listen(0, '127.0.0.1', resolve));
  const { port: targetPort } = target.address() as AddressInfo;
  const inject = `inject: [{header: X-Service-Key, value: ${CANARIES.injected}}]`;
  const stores = await startSecretStores();
  const storesUrl = `http://127.0.0.1:${(stores.address() as AddressInfo).port}`;
  const fetched = (reference: string): string =>
    `inject: [{header: X-Fetched-Key, value: "Key \${${reference}}"}]`;
  const folder =
    makeGatewayFolder(`listen: {postgres: "127.0.0.1:0", http: "127.0.0.1:0", api: "127.0.0.1:0"}
identities:
  - {subject: ana, groups: [admins, auditors, sallyport-admins]}
  - {subject: billing, kind: service, owner: ana}
  - {subject: bot, kind: agent, owner: ana}
resources:
${describeShop(server)}  - {name: broken, type: postgres, host: ${server.host}, port: ${server.port}, user: ${server.user}, database: ${server.database}, password: "${CANARIES['wrong target password']}"}
  - {name: web, type: http, url: "http://127.0.0.1:${targetPort}", ${inject}}
  - {name: gone, type: http, url: "http://127.0.0.1:1", ${inject}}
  - {name: filed, type: http, url: "http://127.0.0.1:${targetPort}", ${fetched('file:filed-key')}}
  - {name: sealed, type: http, url: "http://127.0.0.1:${targetPort}", ${fetched('store:web')}}
  - {name: vaulted, type: http, url: "http://127.0.0.1:${targetPort}", ${fetched('vault:kv/web#key')}}
  - {name: missing, type: http, url: "http://127.0.0.1:${targetPort}", ${fetched('vault:kv/none#key')}}
  - {name: clouded, type: http, url: "http://127.0.0.1:${targetPort}", ${fetched('aws-secret:web')}}
secrets:
  vault: {address: "${storesUrl}", token: "${CANARIES['token for vault']}"}
  aws: {region: eu-central-1, endpoint: "${storesUrl}", access_key_id: AKIDEXAMPLE, secret_access_key: "${CANARIES['key for aws']}"}
`);
  folder.write('filed-key', CANARIES['secret of a file']);
  const shown: string[] = [];
  let [apiKey, connectionToken] = ['', ''];
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
    const asAdmin = { cwd: folder.dir, env: { SALLYPORT_TOKEN: token } };
    const run = async (args: readonly string[], input = ''): Promise<string> => {
      const ran = await runCli(args, { ...asAdmin, input });
      shown.push(ran.stderr);
      return ran.stdout;
    };
    for (const value of [CANARIES['sealed secret'], CANARIES['replaced sealed secret']])
      shown.push(await run(['secret', 'set', 'web'], value));
    // What makes a key shows it, once; everything after that is searched for it.
    apiKey = (
      await run(['api-key', 'create', 'billing', '--resources', 'shop', 'web', 'filed'])
    ).trim();
    const connection = await run(['connect', 'shop', '--print-env']);
    connectionToken = /PGPASSWORD='([^']+)'/.exec(connection)?.[1] ?? '';
    for (const password of [apiKey, connectionToken, `${apiKey.slice(0, -1)}_`, 'sak_']) {
      const ran = await runPsql('select 1', { port: postgres, password, database: 'shop' });
      shown.push(ran.out, ran.err);
      for (const host of ['web', 'gone']) {
        const headers = { host: `${host}.localhost`, authorization: `Bearer ${password}` };
        shown.push((await ask(http, '/k', headers)).text);
      }
      shown.push((await ask(api, '/v1/sessions', { authorization: `Bearer ${password}` })).text);
    }
    for (const host of ['filed', 'sealed', 'vaulted', 'missing', 'clouded']) {
      const headers = { host: `${host}.localhost`, authorization: `Bearer ${token}` };
      shown.push((await ask(http, '/s', headers)).text);
    }
    for (const name of [
      'secret of a file',
      'replaced sealed secret',
      'secret of vault',
      'secret of aws',
    ] as const)
      assert.ok(fetchedKeys.has(`Key ${CANARIES[name]}`), name);
    for (const args of [
      ['connect', 'shop', '--', 'psql', '-XAtc', 'select 1'],
      ['connect', 'web', '--', 'sh', '-c', 'curl -s "$SALLYPORT_URL/c"'],
      ['api-key', 'list'],
      ['api-key', 'revoke', 'none'],
      ['secret', 'list'],
      ['secret', 'rekey'],
      ['secret', 'remove', 'web'],
      ['sessions', 'end', 'none'],
    ])
      shown.push(await run(args));
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
        '/v1/api-keys',
        '/v1/secrets',
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
    stores.close();
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
    ['key of a machine', apiKey],
    ['half of the key of a machine', apiKey.slice(16)],
    ['token of a connection', connectionToken],
    ['signature of that', connectionToken.split('.')[2] ?? ''],
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
