/**
 * The password of a role is changed under a running gateway and a real server: sessions live on, new ones get in, and a credential
 * that is wrong everywhere opens nothing. Kept in a file and sealed in the store.
 */
import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { runCli } from '../control/cli/run-cli.ts';
import { makeGatewayFolder, startGatewayProcess } from '../support/gateway-process.ts';
import { openDriver, runPsql, type Where } from '../support/postgres-fixture.ts';
import { startPostgres } from '../support/postgres-server.ts';

const test = suite('e2e/rotated-credentials');

const PASSWORDS = ['canary-first-0a1b2c3d', 'canary-second-4e5f6a7b', 'canary-third-8c9d0e1f'];
const [FIRST = '', SECOND = '', THIRD = ''] = PASSWORDS;

const server = await startPostgres();
if (server === undefined) {
  console.log('SKIP: e2e/rotated-credentials: no PostgreSQL server binaries');
  process.exit(process.env['CI'] === 'true' ? 1 : 0);
}
const direct: Where = { port: server.port, password: server.password, database: server.database };
const change = async (role: string, password: string): Promise<void> => {
  const { err } = await runPsql(`alter role ${role} password '${password}'`, direct);
  assert.is(err, '');
};
await runPsql(`create role of_file login; create role of_store login;`, direct);
await change('of_file', FIRST);
await change('of_store', FIRST);

const target = `type: postgres, host: ${server.host}, port: ${server.port}, database: ${server.database}`;
const folder = makeGatewayFolder(`listen: {postgres: "127.0.0.1:0", api: "127.0.0.1:0"}
identities:
  - {subject: ana, groups: [sallyport-admins]}
  - {subject: ben}
secrets: {refresh: 1h}
resources:
  - {name: filed, ${target}, user: of_file, password: "\${file:password}"}
  - {name: sealed, ${target}, user: of_store, password: "\${store:shop.password}"}
`);
writeFileSync(join(folder.dir, 'password'), `${FIRST}\n`);
const ana = await folder.token('ana');
const ben = await folder.token('ben');
let gateway = await startGatewayProcess(folder);
const shown: string[] = [];
const at = (database: string): Where => ({
  port: gateway.ports['postgres'] ?? 0,
  password: ana,
  database,
});
const who = 'select session_user';

async function secret(
  args: readonly string[],
  { token = ana, input = '' }: { readonly token?: string; readonly input?: string } = {},
) {
  const options = { cwd: folder.dir, input, env: { SALLYPORT_TOKEN: token } };
  const ran = await runCli(['secret', ...args], options);
  shown.push(ran.stdout, ran.stderr);
  return ran;
}

test('a file that changes with the password drops no session and refuses none', async () => {
  const live = await openDriver(at('filed'));
  try {
    // Just read, and so just believed: only the refusal of the server brings the new one.
    assert.is((await runPsql(who, at('filed'))).out, 'of_file\n');
    await change('of_file', SECOND);
    writeFileSync(join(folder.dir, 'password'), `${SECOND}\n`);
    const many = await Promise.all(Array.from({ length: 8 }, () => runPsql(who, at('filed'))));
    for (const { out, err } of many) assert.is(out, 'of_file\n', err);
    assert.equal((await live.query(who)).rows, [{ session_user: 'of_file' }]);
  } finally {
    await live.end();
  }
});

test('a password that is wrong everywhere is told once, with nothing of it', async () => {
  await change('of_file', THIRD);
  const refused = await runPsql(who, at('filed'));
  assert.is(refused.out, '');
  assert.match(refused.err, /the target refused the gateway's credential/);
  assert.not.match(refused.err, /canary/);
  writeFileSync(join(folder.dir, 'password'), `${THIRD}\n`);
  // A credential that was just refused is not asked for again within the second.
  await delay(1_100);
  assert.is((await runPsql(who, at('filed'))).out, 'of_file\n');
});

test('a file that is gone leaves what was read, and is missed aloud', async () => {
  writeFileSync(join(folder.dir, 'password'), '');
  await delay(1_100);
  assert.is((await runPsql(who, at('filed'))).out, 'of_file\n');
  await gateway.saw(/CANNOT BE HAD/);
  assert.match(gateway.output(), /the file is empty/);
  writeFileSync(join(folder.dir, 'password'), `${THIRD}\n`);
});

test('nothing opens what has not been set', async () => {
  const { out, err } = await runPsql(who, at('sealed'));
  assert.is(out, '');
  assert.match(err, /the credential of the target cannot be had at present/);
  assert.not.match(err, /shop\.password/);
  assert.match(gateway.output(), /the store has no secret of this name/);
});

test('a sealed secret opens at once when it is set, and is replaced under live sessions', async () => {
  assert.is((await secret(['set', 'shop.password'], { input: `${FIRST}\n` })).code, 0);
  const live = await openDriver(at('sealed'));
  try {
    await change('of_store', SECOND);
    assert.match((await runPsql(who, at('sealed'))).err, /refused the gateway's credential/);
    await secret(['set', 'shop.password'], { input: SECOND });
    assert.is((await runPsql(who, at('sealed'))).out, 'of_store\n');
    assert.equal((await live.query(who)).rows, [{ session_user: 'of_store' }]);
  } finally {
    await live.end();
  }
  const { stdout } = await secret(['list']);
  assert.match(stdout, /^NAME +CHANGED +BY +KEY\nshop\.password +\S+ \S+ +ana +[0-9a-f]{12}\n$/);
});

test('rekeying makes a new key, and what the old one sealed opens no more', async () => {
  const file = join(folder.dir, '.sallyport', 'secret-keys');
  const before = readFileSync(file, 'utf8');
  assert.is(statSync(file).mode & 0o777, 0o600);
  const { stdout } = await secret(['rekey']);
  assert.match(stdout, /^1 secret sealed anew under the key [0-9a-f]{12}\n$/);
  const after = readFileSync(file, 'utf8');
  assert.is.not(after, before);
  assert.not.ok(after.includes(before.trim()), 'the old key is gone');
  await gateway.end('SIGTERM');
  shown.push(gateway.output());
  gateway = await startGatewayProcess(folder);
  assert.is((await runPsql(who, at('sealed'))).out, 'of_store\n');
  await gateway.end('SIGTERM');
  shown.push(gateway.output());
  writeFileSync(file, before);
  gateway = await startGatewayProcess(folder);
  assert.match((await runPsql(who, at('sealed'))).err, /cannot be had at present/);
  assert.match(gateway.output(), /the key that sealed it is not there/);
  writeFileSync(file, after);
  await delay(2_100);
  assert.is((await runPsql(who, at('sealed'))).out, 'of_store\n');
});

test('a key that others can read is refused', async () => {
  const file = join(folder.dir, '.sallyport', 'secret-keys');
  chmodSync(file, 0o644);
  const ran = await secret(['set', 'other'], { input: 'x' });
  assert.is.not(ran.code, 0);
  chmodSync(file, 0o600);
});

test('only admins set, list, remove and rekey', async () => {
  for (const args of [['set', 'x'], ['list'], ['remove', 'shop.password'], ['rekey']]) {
    const ran = await secret(args, { token: ben, input: 'value' });
    assert.is(ran.code, 1, args.join(' '));
    assert.match(ran.stderr, /api\/forbidden/);
  }
  assert.match((await secret(['set', 'Not-A-Name'], { input: 'x' })).stderr, /secret\/name/);
  assert.match((await secret(['set', 'x'], { input: '' })).stderr, /error/);
  assert.match((await secret(['remove', 'nothing'])).stderr, /secret\/not-found/);
});

test('a removed secret opens nothing more', async () => {
  assert.is((await secret(['remove', 'shop.password'])).stdout, 'shop.password is removed\n');
  const { err } = await runPsql(who, at('sealed'));
  assert.match(err, /cannot be had at present/);
});

test('every change is in the journal, and no value is anywhere', async () => {
  await gateway.end('SIGTERM');
  shown.push(gateway.output());
  const files = readdirSync(join(folder.dir, '.sallyport'), {
    recursive: true,
    withFileTypes: true,
  })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'));
  const written = files.join('\n');
  for (const type of ['secret.set', 'secret.removed', 'secret.rekeyed'])
    assert.ok(written.includes(type), type);
  assert.not.match(written + shown.join('\n'), /canary/);
});

test.after(async () => {
  await gateway.end('SIGTERM');
  await server.stop();
  folder.remove();
});
test.run();
