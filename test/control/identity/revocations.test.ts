/**
 * What is revoked is known at once, told once, and never believed from a view that is old.
 */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { REVOCATION_GRACE_MS } from '../../../control/identity/ports.ts';
import { openRevocationView, REVOCATION_TRUST_MS } from '../../../control/identity/revocations.ts';

const test = suite('control/identity/revocations');

const NOW_MS = 1e12;
const FAR_MS = NOW_MS + 86_400_000;

async function open(stored: readonly string[] = []) {
  const state = {
    nowMs: NOW_MS,
    stored: new Map(stored.map((id) => [id, FAR_MS])),
    down: false,
  };
  const told: string[] = [];
  const asked: string[] = [];
  const refuseWhenDown = (): void => {
    if (state.down) throw new Error('the store is down');
  };
  const view = await openRevocationView({
    store: {
      async listRevoked() {
        refuseWhenDown();
        return [...state.stored].map(([tokenId, expiresAtMs]) => ({ tokenId, expiresAtMs }));
      },
      async isRevoked(id) {
        asked.push(id);
        refuseWhenDown();
        return state.stored.has(id);
      },
    },
    nowMs: () => state.nowMs,
    onRevoked: (id) => void told.push(id),
    onFault: () => undefined,
  });
  view.close();
  return { view, state, told, asked };
}

test('what was revoked before the start is known, and told to nobody', async () => {
  const { view, told } = await open(['old']);
  assert.is(view.isRevoked('old'), true);
  assert.is(view.isRevoked('other'), false);
  assert.equal(told, []);
});

test('a revocation counts from the moment it is noted or read, and is told once', async () => {
  const { view, state, told } = await open();
  view.note('one');
  view.note('one');
  state.stored.set('one', FAR_MS).set('two', FAR_MS);
  await view.refresh();
  await view.refresh();
  assert.is(view.isRevoked('one'), true);
  assert.is(view.isRevoked('two'), true);
  assert.equal(told, ['one', 'two']);
});

test('an old view asks the store, and passes nothing when that does not answer', async () => {
  const { view, state, asked } = await open();
  state.stored.set('elsewhere', FAR_MS);
  state.nowMs += REVOCATION_TRUST_MS;
  assert.is(await view.isRevoked('elsewhere'), true);
  assert.equal(asked, ['elsewhere']);
  state.down = true;
  let failed = false;
  await Promise.resolve(view.isRevoked('any')).catch(() => {
    failed = true;
  });
  assert.ok(failed);
});

test('what has ended by itself is dropped, but not before clocks agree that it has', async () => {
  const { view, state, told } = await open(['old']);
  state.stored.set('old', NOW_MS + 1000).set('short', NOW_MS + 1000);
  await view.refresh();
  view.note('told-only');
  state.nowMs += 1000 + REVOCATION_GRACE_MS - 1;
  await view.refresh();
  assert.equal([view.size, view.isRevoked('short')], [3, true]);
  state.nowMs += REVOCATION_GRACE_MS;
  await view.refresh();
  // One that was told and is not in the store yet is kept: nobody knows when it ends.
  assert.equal([view.size, view.isRevoked('told-only')], [1, true]);
  state.stored.set('told-only', NOW_MS);
  await view.refresh();
  assert.is(view.size, 0);
  assert.equal(told, ['short', 'told-only']);
});

test.run();
