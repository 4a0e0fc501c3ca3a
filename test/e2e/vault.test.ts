/**
 * Credentials of targets from a real Vault-compatible server: both key-value engines, accounts it makes in a real PostgreSQL, sign-in
 * by AppRole, and what happens when it is gone.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type GatewayProcess,
  makeGatewayFolder,
  startGatewayProcess,
} from '../support/gateway-process.ts';
import { openDriver, runPsql, type Where } from '../support/postgres-fixture.ts';
import { startPostgres } from '../support/postgres-server.ts';
import { findVault, startVault } from '../support/vault-server.ts';

const test = suite('e2e/vault');

const FIRST = 'canary-vault-first-0a1b2c3d';
const SECOND = 'canary-vault-second-4e5f6a7b';
/** Seconds of a lease; it is prolonged after two thirds. */
const LEASE_SECONDS = 6;

const program = findVault();
const server = program === undefined ? undefined : await startPostgres();
if (program === undefined || server === undefined) {
  console.log(
    'SKIP: e2e/vault: no Vault-compatible server (SALLYPORT_TEST_VAULT, bao, vault) or no PostgreSQL',
  );
  process.exit(process.env['CI'] === 'true' ? 1 : 0);
}
const direct: Where = {
  port: server.port,
  password: server.password,
  database: server.database,
};
const made = await runPsql(
  `create role kv1 login password '${FIRST}'; create role kv2 login password '${FIRST}';
   create table orders(id int); insert into orders values (1), (2), (3); grant select on orders to kv1, kv2;
   create role maker login superuser password 'maker';`,
  direct,
);
assert.is(made.err, '');
let vault = await startVault(program);

/** Mounts, roles and secrets of a fresh server; gives the AppRole of the gateway. */
async function prepare(): Promise<{ readonly roleId: string; readonly secretId: string }> {
  const { call } = vault;
  await call('POST', 'sys/mounts/kv1', { type: 'kv', options: { version: '1' } });
  await call('PUT', 'kv1/shop', { password: FIRST });
  await call('POST', 'secret/data/team/shop', { data: { password: FIRST } });
  await call('POST', 'sys/mounts/database', { type: 'database' });
  await call('POST', 'database/config/shop', {
    plugin_name: 'postgresql-database-plugin',
    allowed_roles: '*',
    connection_url: `postgresql://{{username}}:{{password}}@${server?.host}:${server?.port}/${server?.database}?sslmode=disable`,
    username: 'maker',
    password: 'maker',
  });
  await call('POST', 'database/roles/reader', {
    db_name: 'shop',
    creation_statements: [
      `create role "{{name}}" login password '{{password}}' valid until '{{expiration}}'; grant select on orders to "{{name}}";`,
    ],
    default_ttl: `${LEASE_SECONDS}s`,
    max_ttl: '10m',
  });
  await call('PUT', 'sys/policies/acl/gateway', {
    policy: `path "kv1/*" { capabilities = ["read"] }
path "secret/data/*" { capabilities = ["read"] }
path "database/creds/reader" { capabilities = ["read"] }
path "sys/leases/revoke" { capabilities = ["update"] }`,
  });
  await call('POST', 'sys/auth/approle', { type: 'approle' });
  await call('POST', 'auth/approle/role/gateway', {
    token_policies: ['gateway'],
    token_ttl: '20m',
  });
  const role = await call('GET', 'auth/approle/role/gateway/role-id');
  const secret = await call('POST', 'auth/approle/role/gateway/secret-id', {});
  const at = (answer: Record<string, unknown>, key: string): string =>
    String((answer['data'] as Record<string, unknown>)[key]);
  return { roleId: at(role, 'role_id'), secretId: at(secret, 'secret_id') };
}

const folder = makeGatewayFolder(`listen: {postgres: "127.0.0.1:0", api: "127.0.0.1:0"}
identities: [{subject: ana}]
secrets:
  refresh: 1h
  vault:
    address: ${vault.address}
    app_role: {role_id: "\${file:role-id}", secret_id: "\${file:secret-id}"}
resources:
${[
  `first, user: kv1, password: "\${vault:kv1/shop#password}"`,
  `second, user: kv2, password: "\${vault:secret/team/shop#password}"`,
  `lent, user: "\${vault:database/creds/reader#username}", password: "\${vault:database/creds/reader#password}"`,
  `none, user: kv1, password: "\${vault:kv1/missing#password}"`,
  `field, user: kv1, password: "\${vault:kv1/shop#constructor}"`,
]
  .map(
    (line) =>
      `  - {type: postgres, host: ${server.host}, port: ${server.port}, database: ${server.database}, name: ${line}}\n`,
  )
  .join('')}`);

/** What the gateway proves itself with; in no output of it. */
const proofs: string[] = [];
async function configure(): Promise<void> {
  const { roleId, secretId } = await prepare();
  proofs.push(secretId);
  folder.write('role-id', roleId);
  folder.write('secret-id', secretId);
}
await configure();
const token = await folder.token('ana');
let gateway: GatewayProcess = await startGatewayProcess(folder);
let printed = '';
const at = (database: string): Where => ({
  port: gateway.ports['postgres'] ?? 0,
  password: token,
  database,
});
const count = 'select count(*)::int as n from orders';

/** Accounts that the server has made and not dropped. */
async function lentAccounts(): Promise<readonly string[]> {
  const { out } = await runPsql("select rolname from pg_roles where rolname like 'v-%'", direct);
  return out.split('\n').filter((name) => name !== '');
}

/** Waits until it holds; the caller asserts. */
async function soon(holds: () => Promise<boolean>, limitMs: number): Promise<boolean> {
  const until = Date.now() + limitMs;
  while (Date.now() < until) {
    if (await holds()) return true;
    await delay(200);
  }
  return holds();
}

test('both versions of the key-value engine give the password', async () => {
  for (const name of ['first', 'second'])
    assert.is((await runPsql(count, at(name))).out, '3\n', name);
});

test('a password that is changed drops no session and is fetched when the old one is refused', async () => {
  const live = await openDriver(at('second'));
  try {
    assert.equal((await live.query(count)).rows, [{ n: 3 }]);
    await vault.call('POST', 'secret/data/team/shop', { data: { password: SECOND } });
    assert.is((await runPsql(`alter role kv2 password '${SECOND}'`, direct)).err, '');
    // `refresh` is an hour: nothing but the refusal of the target asks for the new one.
    const fresh = await runPsql(`${count}; select current_user`, at('second'));
    assert.is(fresh.out, '3\nkv2\n', fresh.err);
    assert.equal((await live.query(count)).rows, [{ n: 3 }], 'the session before lives on');
    assert.is((await runPsql(`alter role kv2 password 'elsewhere'`, direct)).err, '');
    const refused = await runPsql(count, at('second'));
    assert.match(refused.err, /the target refused the gateway's credential/);
    assert.not.match(refused.err, /canary/);
    await runPsql(`alter role kv2 password '${SECOND}'`, direct);
  } finally {
    await live.end();
  }
});

test('an account that the server makes is shared, prolonged while it is used, and given back', async () => {
  const live: pg.Client = await openDriver(at('lent'));
  try {
    const who = await live.query('select current_user as name');
    const name = String(who.rows[0].name);
    assert.match(name, /^v-approle-reader-/);
    assert.is((await runPsql('select current_user', at('lent'))).out, `${name}\n`);
    await delay(LEASE_SECONDS * 1500);
    assert.ok((await lentAccounts()).includes(name), 'it outlives its first lease');
    assert.equal((await live.query(count)).rows, [{ n: 3 }]);
    const again = await runPsql('select current_user', at('lent'));
    assert.is(again.out, `${name}\n`, again.err);
  } finally {
    await live.end();
  }
  const isGone = await soon(
    async () => (await lentAccounts()).length === 0,
    3 * LEASE_SECONDS * 1000,
  );
  assert.ok(isGone, `still there: ${await lentAccounts()}`);
  const next = await runPsql(`select current_user`, at('lent'));
  assert.match(next.out, /^v-approle-reader-/, next.err);
});

test('a lent account that was taken away is replaced by the next session', async () => {
  const [name = ''] = await lentAccounts();
  await runPsql(`drop owned by "${name}"; drop role "${name}"`, direct);
  const next = await runPsql('select current_user', at('lent'));
  assert.match(next.out, /^v-approle-reader-/, next.err);
  assert.is.not(next.out, `${name}\n`);
});

test('what is not there is told to the operator, and opens nothing', async () => {
  for (const name of ['none', 'field']) {
    const { out, err } = await runPsql(count, at(name));
    assert.is(out, '');
    assert.match(err, /the credential of the target cannot be had at present/);
    assert.not.match(err, /kv1|vault/i, 'the client is not told where');
  }
  assert.match(gateway.output(), /vault:kv1\/missing/);
  assert.match(gateway.output(), /no such secret/);
  assert.match(gateway.output(), /vault:kv1\/shop#constructor/);
});

test('without its server the gateway goes on with what it has, loudly, and has nothing else', async () => {
  const live = await openDriver(at('first'));
  await vault.stop();
  try {
    const known = await runPsql(count, at('first'));
    assert.is(known.out, '3\n', known.err);
    // Never fetched before: there is nothing to go on with.
    const isLoud = await soon(async () => {
      const unknown = await runPsql(count, at('none'));
      assert.match(unknown.err, /cannot be had at present/);
      return /Vault does not answer \(ECONNREFUSED\)/.test(gateway.output());
    }, 10_000);
    assert.ok(isLoud);
    assert.equal((await live.query(count)).rows, [{ n: 3 }]);
    const health = await fetch(`http://127.0.0.1:${gateway.ports['api']}/healthz`);
    assert.is(health.status, 200);
    assert.match(await health.text(), /cannot be had; the log says which/);
  } finally {
    await live.end();
  }
});

test('a gateway that starts without the server runs, and lets nobody in with no credential', async () => {
  await gateway.end('SIGTERM');
  printed += gateway.output();
  gateway = await startGatewayProcess(folder);
  const { out, err } = await runPsql(count, at('first'));
  assert.is(out, '');
  assert.match(err, /cannot be had at present/);
});

test('a gateway that stops gives back what was lent', async () => {
  await gateway.end('SIGTERM');
  printed += gateway.output();
  vault = await startVault(program, Number(new URL(vault.address).port));
  await configure();
  gateway = await startGatewayProcess(folder);
  assert.match((await runPsql('select current_user', at('lent'))).out, /^v-approle-reader-/);
  const before = await lentAccounts();
  await gateway.end('SIGTERM');
  const after = await lentAccounts();
  assert.is(after.length, before.length - 1, `before ${before}, after ${after}`);
});

test('no secret was printed', () => {
  printed += gateway.output();
  assert.match(printed, /CANNOT BE HAD/);
  for (const secret of ['canary', vault.rootToken, ...proofs])
    assert.not.ok(printed.includes(secret));
});

test.after(async () => {
  await gateway.end('SIGTERM');
  await vault.stop();
  await server?.stop();
  folder.remove();
});
test.run();
