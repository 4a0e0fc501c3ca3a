/** The decision service over TLS: the command itself, real curl, certificates of authorities, and certificates of clients. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { runCli } from '../control/cli/run-cli.ts';
import { makeAuthority, signCertificate } from '../support/certificates.ts';
import { runProgram } from '../support/run-program.ts';

const test = suite('e2e/serve-tls');

const dir = mkdtempSync(join(tmpdir(), 'sallyport-serve-tls-'));
const stops: (() => Promise<void>)[] = [];
test.after(async () => {
  for (const stop of stops) await stop();
  rmSync(dir, { recursive: true, force: true });
});

writeFileSync(join(dir, 'app.policy'), 'package app\n\nallow if input.user == "ada"\n');
const authority = makeAuthority(dir, 'authority');
const server = signCertificate(dir, authority, 'server');
const TLS = ['--tls-cert', server.cert, '--tls-key', server.key];

/** Runs `sallyport serve` until the tests end; the address it tells. */
async function serve(...options: readonly string[]): Promise<string> {
  const main = join(import.meta.dirname, '../../control/cli/main.ts');
  const args = [main, 'serve', 'app.policy', '--listen', '127.0.0.1:0', '--no-watch', ...options];
  const child = spawn(process.execPath, args, { cwd: dir, stdio: ['ignore', 'pipe', 'inherit'] });
  stops.push(async () => {
    child.kill('SIGTERM');
    if (child.exitCode === null) await once(child, 'exit');
  });
  for await (const line of createInterface(child.stdout)) {
    const [, address] = /^serving\s+(\S+)$/.exec(line) ?? [];
    if (address !== undefined) return address;
  }
  throw new Error('it does not serve');
}

const ask = (base: string, ...options: readonly string[]) =>
  runProgram('curl', [
    '-sS',
    ...options,
    '-d',
    '{"input": {"user": "ada"}}',
    `${base}/v1/data/app/allow`,
  ]);

/** What curl says of a connection that TLS refuses: never an answer. */
async function assertRefused(base: string, ...options: readonly string[]): Promise<void> {
  const refused = await ask(base, ...options);
  assert.is.not(refused.code, 0, refused.stdout);
  assert.not.match(refused.stdout, 'result');
}

test('it answers who trusts its authority, over TLS 1.2 and later alone', async () => {
  const base = await serve(...TLS);
  assert.match(base, /^https:/);
  const trust = ['--cacert', authority.cert];
  for (const version of ['1.2', '1.3']) {
    const answer = await ask(base, ...trust, '--tls-max', version);
    assert.is(answer.stdout, '{"result":true}\n', answer.stderr);
  }
  await assertRefused(base);
  await assertRefused(base, ...trust, '--tls-max', '1.1');
  await assertRefused(base.replace('https', 'http'));
  const stranger = makeAuthority(dir, 'stranger');
  await assertRefused(base, '--cacert', stranger.cert);
});

test('with --tls-client-ca it answers clients of that authority alone', async () => {
  const clients = makeAuthority(dir, 'clients');
  const base = await serve(...TLS, '--tls-client-ca', clients.cert);
  const trust = ['--cacert', authority.cert];
  const present = ({ cert, key }: typeof server): readonly string[] => [
    '--cert',
    cert,
    '--key',
    key,
  ];
  const known = signCertificate(dir, clients, 'billing');
  assert.is((await ask(base, ...trust, ...present(known))).stdout, '{"result":true}\n');
  await assertRefused(base, ...trust);
  const other = signCertificate(dir, authority, 'other-client');
  await assertRefused(base, ...trust, ...present(other));
  const forged = makeAuthority(dir, 'forged');
  await assertRefused(base, ...trust, ...present(forged));
});

test('a certificate that cannot be used stops the start', async () => {
  const other = signCertificate(dir, authority, 'other');
  const text = join(dir, 'app.policy');
  for (const [cert, key] of [
    [join(dir, 'absent.pem'), server.key],
    [text, server.key],
    [server.cert, text],
    [server.cert, other.key],
  ] as const) {
    const options = ['serve', 'app.policy', '--listen', '127.0.0.1:0'];
    const run = await runCli([...options, '--tls-cert', cert, '--tls-key', key], { cwd: dir });
    assert.is.not(run.code, 0);
    assert.match(run.stderr, 'tls/unusable', `${cert} ${key}`);
  }
  const half = await runCli(['serve', 'app.policy', '--tls-cert', server.cert], { cwd: dir });
  assert.match(half.stderr, 'usage/invalid');
  const ca = ['--tls-client-ca', join(dir, 'absent.pem')];
  const absent = await runCli(['serve', 'app.policy', ...TLS, ...ca], { cwd: dir });
  assert.match(absent.stderr, 'tls/unusable');
  const wrong = ['--tls-client-ca', text];
  assert.match(
    (await runCli(['serve', 'app.policy', ...TLS, ...wrong], { cwd: dir })).stderr,
    'tls/unusable',
  );
});

test.run();
