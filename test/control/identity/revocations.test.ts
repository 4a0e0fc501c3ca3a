/**
 * What is revoked is known at once, told once, and never believed from a view that is old.
 */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openRevocationView, REVOCATION_TRUST_MS } from '../../../control/identity/revocations.ts';

const test = suite('control/identity/revocations');

async function open(stored: readonly string[] = []) {
  const state = { nowMs: 1e12, stored: [...stored], down: false };
  const told: string[] = [];
  const asked: string[] = [];
  const refuseWhenDown = (): void => {
    if (state.down) throw new Error('the store is down');
  };
  const view = await openRevocationView({
    store: {
      async listRevoked() {
        refuseWhenDown();
        return state.stored;
      },
      async isRevoked(id) {
        asked.push(id);
        refuseWhenDown();
        return state.stored.includes(id);
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
  state.stored.push('one', 'two');
  await view.refresh();
  await view.refresh();
  assert.is(view.isRevoked('one'), true);
  assert.is(view.isRevoked('two'), true);
  assert.equal(told, ['one', 'two']);
});

test('an old view asks the store, and passes nothing when that does not answer', async () => {
  const { view, state, asked } = await open();
  state.stored.push('elsewhere');
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

test.run();
