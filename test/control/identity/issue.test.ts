/**
 * Tokens are made for known identities, for a bounded time, and for agents only on behalf of those they may act for; the key
 * that signs them is guarded.
 */
import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ControlError } from '../../../control/error.ts';
import { issueToken } from '../../../control/identity/issue.ts';
import { openSigningKey } from '../../../control/identity/signing-key.ts';
import { issuer, newTestKey, registry } from './example-tokens.ts';

const issue = suite<{ folder: string }>('control/identity/issue');

issue.before.each((context) => {
  context.folder = mkdtempSync(join(tmpdir(), 'sallyport-key-'));
});
issue.after.each((context) => {
  rmSync(context.folder, { recursive: true });
});

async function faultOf(action: () => unknown): Promise<ControlError> {
  try {
    await action();
  } catch (error) {
    if (error instanceof ControlError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

const request = (subject: string, onBehalfOf?: string, lifetimeMs?: number) =>
  issueToken({ subject, onBehalfOf, lifetimeMs }, issuer, registry, newTestKey(), {
    nowMs: 0,
    newId: () => 'id',
  });

issue('an unknown subject is refused and the nearest named', async () => {
  const fault = await faultOf(() => request('mariia'));
  assert.is(fault.code, 'identity/unknown-subject');
  assert.match(fault.hint ?? '', /did you mean `maria`\?/);
});

issue('an agent acts for its owner and for those it is allowed, for nobody else', async () => {
  assert.is((await request('agent', 'olga')).onBehalfOf, 'olga');
  assert.is((await request('agent', 'maria')).onBehalfOf, 'maria');
  assert.is((await faultOf(() => request('agent', 'agent'))).code, 'identity/not-delegated');
  assert.is((await faultOf(() => request('maria', 'olga'))).code, 'identity/not-delegated');
});

issue('a token lives as long as asked for, within the bound', async () => {
  assert.is((await request('maria')).expiresAt, '1970-01-01T01:00:00.000Z');
  assert.is((await request('maria', undefined, 5000)).expiresAt, '1970-01-01T00:00:05.000Z');
  assert.is(
    (await faultOf(() => request('maria', undefined, 86_400_001))).code,
    'identity/lifetime',
  );
  assert.is((await faultOf(() => request('maria', undefined, 0))).code, 'identity/lifetime');
});

issue('the key is made once, for its owner only', ({ folder }) => {
  const state = join(folder, 'state');
  const first = openSigningKey(state);
  assert.is(statSync(join(state, 'token-signing-key.pem')).mode & 0o777, 0o600);
  const second = openSigningKey(state);
  assert.ok(first.publicKey.equals(second.publicKey));
});

issue('a key that others can read, or that is none, is refused', async ({ folder }) => {
  openSigningKey(folder);
  const path = join(folder, 'token-signing-key.pem');
  for (const mode of [0o640, 0o604, 0o644]) {
    chmodSync(path, mode);
    assert.is((await faultOf(() => openSigningKey(folder))).code, 'state/key-exposed');
  }
  chmodSync(path, 0o600);
  writeFileSync(path, 'nonsense');
  assert.is((await faultOf(() => openSigningKey(folder))).code, 'state/key-invalid');
});

issue('a state folder that cannot be made is a coded error', async ({ folder }) => {
  writeFileSync(join(folder, 'file'), '');
  assert.is((await faultOf(() => openSigningKey(join(folder, 'file')))).code, 'state/not-writable');
});

issue.run();
