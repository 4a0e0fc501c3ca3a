/**
 * Tokens and requests that try to be more than they are. The list only grows; a case is never weakened.
 */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { issueToken } from '../../control/identity/issue.ts';
import { createRegistry, type LocalIdentity } from '../../control/identity/registry.ts';
import { createTokenVerifier } from '../../control/identity/verify.ts';
import { isRefusal } from '../../proxy/gate/refusal.ts';
import { issuer, newTestKey, registry } from '../control/identity/example-tokens.ts';

const test = suite('bypass/api');
const key = newTestKey();
const NOW_MS = Date.UTC(2026, 0, 1);

/** What becomes of a token when the configuration says something else of this subject since it was signed. */
async function afterChange(
  change: { readonly subject: string } & Partial<LocalIdentity>,
): Promise<string> {
  const request = { subject: 'agent', onBehalfOf: 'maria', lifetimeMs: 60_000 };
  const { token } = await issueToken(request, issuer, registry, key, {
    nowMs: NOW_MS,
    newId: () => 'token-1',
  });
  const now = [...registry.values()].map((one) =>
    one.subject === change.subject ? { ...one, ...change } : one,
  );
  const verifier = createTokenVerifier({
    issuer,
    registry: createRegistry(now),
    publicKey: key.publicKey,
    clock: { nowNs: () => BigInt(NOW_MS) * 1_000_000n },
    isRevoked: () => Promise.resolve(false),
  });
  const outcome = await verifier.identify({ kind: 'bearer', token });
  return isRefusal(outcome) ? outcome.code : 'accepted';
}

test('a token that the configuration still bears out is accepted', async () => {
  assert.is(await afterChange({ subject: 'maria', name: 'Maria M.' }), 'accepted');
});

for (const [what, change] of [
  ['a group', { subject: 'maria', groups: [] }],
  ['the delegation', { subject: 'agent', actsFor: [], owner: 'olga' }],
  ['the kind', { subject: 'agent', kind: 'service' }],
  ['the address', { subject: 'maria', email: 'other@example.com' }],
] as const) {
  test(`a token does not keep ${what} that was taken back`, async () => {
    assert.is(await afterChange(change), 'identity/outdated');
  });
}

test.run();
