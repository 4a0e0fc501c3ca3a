/**
 * Keys of a provider through rotation and outage: who already has keys goes on, the fault is told, and stale keys end.
 */
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  COOLDOWN_MS,
  createKeySource,
  FRESH_MS,
  type KeySourceStatus,
  MAX_STALE_MS,
} from '../../../../control/identity/providers/key-source.ts';
import { isRefusal } from '../../../../proxy/gate/refusal.ts';

const test = suite('control/identity/providers/key-source');

const newKey = (kid: string): object => ({
  ...generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' }),
  kid,
});
const [first, second] = [newKey('1'), newKey('2')];

function open(keys: object[]) {
  const state = { nowMs: 1e12, keys, down: false, fetches: 0, told: [] as KeySourceStatus[] };
  const source = createKeySource({
    provider: {
      name: 'corp',
      issuer: 'https://corp.example',
      jwksUri: 'https://corp.example/keys',
    },
    nowMs: () => state.nowMs,
    onChange: (status) => void state.told.push(status),
    fetchJson: async () => {
      state.fetches += 1;
      if (state.down) throw new Error('no route');
      return { keys: state.keys };
    },
  });
  const codeOf = async (kid: string): Promise<string> => {
    const found = await source.find(kid, 'ES256');
    return isRefusal(found) ? found.code : 'found';
  };
  return { state, source, codeOf };
}

test('keys are fetched once for all who ask at once', async () => {
  const { state, codeOf } = open([first]);
  assert.equal(await Promise.all([codeOf('1'), codeOf('1')]), ['found', 'found']);
  assert.is(await codeOf('1'), 'found');
  assert.is(state.fetches, 1);
});

test('a new key is found by asking again, at most once in a while', async () => {
  const { state, codeOf } = open([first]);
  await codeOf('1');
  state.keys = [first, second];
  assert.is(await codeOf('2'), 'identity/unknown-key');
  state.nowMs += COOLDOWN_MS;
  assert.is(await codeOf('2'), 'found');
  for (let at = 0; at < 50; at += 1) await codeOf(`guess ${at}`);
  assert.is(state.fetches, 2);
});

test('an outage is told once, keys hold through it for a bounded time, and its end is told', async () => {
  const { state, source, codeOf } = open([first]);
  await codeOf('1');
  state.down = true;
  state.nowMs += FRESH_MS + 1;
  assert.is(await codeOf('1'), 'found');
  await new Promise((resolve) => setImmediate(resolve));
  state.nowMs += COOLDOWN_MS;
  assert.is(await codeOf('1'), 'found');
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(
    state.told.map(({ reachable }) => reachable),
    [false],
  );
  assert.is(source.status.fault, 'no route');
  state.nowMs += MAX_STALE_MS;
  assert.is(await codeOf('1'), 'identity/provider-unreachable');
  state.down = false;
  state.nowMs += COOLDOWN_MS;
  assert.is(await codeOf('1'), 'found');
  assert.equal(
    state.told.map(({ reachable }) => reachable),
    [false, true],
  );
});

test('a key that was withdrawn is held no longer, one that stays is', async () => {
  const { state, source } = open([first, second]);
  const [one, two] = (await Promise.all([
    source.find('1', 'ES256'),
    source.find('2', 'ES256'),
  ])) as KeyObject[];
  assert.ok(one !== undefined && two !== undefined && source.holds(one) && source.holds(two));
  state.keys = [second];
  state.nowMs += FRESH_MS + 1;
  await source.find('2', 'ES256');
  await new Promise((resolve) => setImmediate(resolve));
  assert.not(one !== undefined && source.holds(one));
  assert.ok(two !== undefined && source.holds(two));
});

test.run();
