/**
 * Keys of machines: who they stand for, what they are limited to, and every way in which one is refused.
 */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type ApiKeyRequest, createApiKeys } from '../../../control/identity/api-keys.ts';
import { createRegistry } from '../../../control/identity/registry.ts';
import { createSignIn, readWith } from '../../../control/identity/sign-in.ts';
import { openSqliteStore } from '../../../control/store/sqlite/sqlite-store.ts';
import type { IdentityEvent } from '../../../proxy/gate/record.ts';
import { isRefusal, type Refusal, refuse } from '../../../proxy/gate/refusal.ts';

const DAY = 86_400_000;
const BASE: ApiKeyRequest = {
  subject: 'billing',
  note: 'nightly export',
  resources: ['shop'],
  protocols: ['postgres'],
  lifetimeMs: 90 * DAY,
};

function makeBench() {
  const store = openSqliteStore(':memory:');
  const base = { email: undefined, owner: 'ana', actsFor: [] } as const;
  const services = new Map([['billing', ['exports']]]);
  const bench = {
    store,
    nowMs: 1_800_000_000_000,
    entries: [] as Omit<IdentityEvent, 'at'>[],
    revoked: new Set<string>(),
    lookups: 0,
    noted: 0,
    unrecorded: undefined as Refusal | undefined,
    services,
    isDown: false,
  };
  const registry = createRegistry([
    { ...base, subject: 'billing', name: 'Billing', kind: 'service', groups: ['exports'] },
    { ...base, subject: 'ana', name: 'Ana', kind: 'human', groups: [] },
  ]) as Map<string, NonNullable<ReturnType<ReturnType<typeof createRegistry>['get']>>>;
  const protocolOf = (name: string) =>
    (({ shop: 'postgres', orders: 'postgres', web: 'http' }) as const)[name];
  const keys = createApiKeys({
    store: {
      ...store,
      findApiKeyByHash(hash) {
        bench.lookups += 1;
        return bench.isDown ? Promise.reject(new Error('down')) : store.findApiKeyByHash(hash);
      },
      noteApiKeyUse(id, atMs) {
        bench.noted += 1;
        return store.noteApiKeyUse(id, atMs);
      },
    },
    registry,
    issuer: 'sallyport',
    protocolOf,
    record: async (event) => {
      if (bench.unrecorded === undefined) bench.entries.push(event);
      return bench.unrecorded;
    },
    isRevoked: (id) => bench.revoked.has(id),
    revokeId: async (id) => void bench.revoked.add(id),
    onFault: () => undefined,
    nowMs: () => bench.nowMs,
    newId: () => `k${bench.entries.length}`,
  });
  const port = createSignIn(
    [readWith(keys.takes, keys.read, 'api-key')],
    readWith(
      () => true,
      () => Promise.resolve(refuse('unauthenticated', 'identity/other', 'not a key')),
      'session',
    ),
    registry,
    protocolOf,
  );
  const identify = (token: string, resource?: string) =>
    port.identify({ kind: 'bearer', token }, resource);
  const make = async (more: Partial<ApiKeyRequest> = {}): Promise<string> => {
    const made = await keys.create({ ...BASE, ...more }, 'ana');
    if (isRefusal(made)) throw new Error(made.message);
    return made.key;
  };
  return Object.assign(bench, { keys, identify, make, registry });
}

const codeOf = (value: object | undefined): string => (isRefusal(value) ? value.code : 'accepted');
const test = suite('control/identity/api-keys');

test('a key stands for its service, as the configuration describes it now', async () => {
  const { identify, make } = makeBench();
  const identity = await identify(await make(), 'shop');
  if (isRefusal(identity)) throw new Error(identity.message);
  assert.equal(
    [identity.subject, identity.kind, identity.groups, identity.issuer, identity.credential.type],
    ['billing', 'service', ['exports'], 'sallyport', 'api-key'],
  );
  assert.is(identity.credential.expires_at, new Date(1_800_000_000_000 + 90 * DAY).toISOString());
});

test('the store holds neither the key nor the half of it', async () => {
  const { make, store } = makeBench();
  const key = await make();
  assert.match(key, /^sak_[A-Za-z0-9_-]{43}$/);
  const stored = JSON.stringify(await store.listApiKeys(10));
  assert.not.ok(stored.includes(key.slice(12)));
  assert.ok(stored.includes(key.slice(0, 12)), 'its beginning tells keys apart');
});

test('every key is another', async () => {
  const { make } = makeBench();
  assert.is(new Set(await Promise.all(Array.from({ length: 50 }, () => make()))).size, 50);
});

test('it opens its resources by its protocols, and the API only where it says so', async () => {
  const { identify, make } = makeBench();
  const narrow = await make();
  assert.is(codeOf(await identify(narrow, 'shop')), 'accepted');
  for (const resource of ['orders', 'web', 'nothing', 'Shop', ''])
    assert.is(codeOf(await identify(narrow, resource)), 'identity/out-of-scope', resource);
  assert.is(codeOf(await identify(narrow)), 'identity/out-of-scope', 'the API');
  const both = await make({ resources: ['shop', 'web'], protocols: ['postgres', 'http', 'api'] });
  for (const resource of ['shop', 'web', undefined])
    assert.is(codeOf(await identify(both, resource)), 'accepted');
});

test('what is not exactly a key that stands is refused', async () => {
  const { identify, make } = makeBench();
  const key = await make();
  const other = key[20] === 'A' ? 'B' : 'A';
  for (const [token, code] of [
    ['sak_', 'identity/malformed'],
    [key.slice(0, -1), 'identity/malformed'],
    [`${key}A`, 'identity/malformed'],
    [` ${key}`, 'identity/other'],
    [key.toUpperCase(), 'identity/other'],
    [`${key.slice(0, 20)}${other}${key.slice(21)}`, 'identity/unknown-key'],
    [key.slice(0, 12), 'identity/malformed'],
  ] as const)
    assert.is(codeOf(await identify(token, 'shop')), code, token);
});

test('a key ends at its time', async () => {
  const bench = makeBench();
  const key = await bench.make({ lifetimeMs: 1_000 });
  assert.is(codeOf(await bench.identify(key, 'shop')), 'accepted');
  bench.nowMs += 1_000;
  assert.is(codeOf(await bench.identify(key, 'shop')), 'identity/expired');
});

test('a revoked key is refused at once, by whichever gateway it was revoked', async () => {
  const bench = makeBench();
  const [here, elsewhere] = [await bench.make(), await bench.make()];
  for (const key of [here, elsewhere]) await bench.identify(key, 'shop');
  const [newer, older] = await bench.keys.list();
  await bench.keys.revoke(older?.id ?? '', 'ana');
  // At another gateway: nothing is known here but the id that the store announced.
  bench.revoked.add(newer?.id ?? '');
  for (const key of [here, elsewhere])
    assert.is(codeOf(await bench.identify(key, 'shop')), 'identity/revoked');
  assert.is(codeOf(await bench.keys.revoke('none', 'ana')), 'api-key/not-found');
  assert.is(bench.entries.at(-1)?.type, 'identity.key-revoked');
});

test('a service that is no longer one has no keys that work', async () => {
  const bench = makeBench();
  const key = await bench.make();
  const billing = bench.registry.get('billing');
  if (billing === undefined) throw new Error('no billing');
  bench.registry.set('billing', { ...billing, kind: 'human' });
  assert.is(codeOf(await bench.identify(key, 'shop')), 'identity/unknown-subject');
  bench.registry.delete('billing');
  assert.is(codeOf(await bench.identify(key, 'shop')), 'identity/unknown-subject');
});

test('a store that does not answer lets no key in that is not known', async () => {
  const bench = makeBench();
  const key = await bench.make();
  bench.isDown = true;
  assert.is(codeOf(await bench.identify(key, 'shop')), 'identity/unavailable');
});

test('its last use is written at most once a minute', async () => {
  const bench = makeBench();
  const key = await bench.make();
  for (let at = 0; at < 100; at += 1) await bench.identify(key, 'shop');
  assert.is(bench.noted, 1);
  assert.is(bench.lookups, 1, 'and it is looked up once');
  bench.nowMs += 60_000;
  await bench.identify(key, 'shop');
  assert.is(bench.noted, 2);
  assert.is((await bench.keys.list())[0]?.lastUsedAtMs, bench.nowMs);
});

test('keys are for services, resources that exist, and a bounded time', async () => {
  const { keys } = makeBench();
  for (const [more, code] of [
    [{ subject: 'ana' }, 'api-key/not-a-service'],
    [{ subject: 'nobody' }, 'api-key/not-a-service'],
    [{ resources: ['nothing'] }, 'api-key/resource'],
    [{ resources: [] }, 'api-key/resource'],
    [{ resources: ['web'] }, 'api-key/protocol'],
    [{ lifetimeMs: 367 * DAY }, 'api-key/lifetime'],
    [{ lifetimeMs: 0 }, 'api-key/lifetime'],
  ] as const)
    assert.is(codeOf(await keys.create({ ...BASE, ...more }, 'ana')), code);
});

test('what cannot be recorded is not made', async () => {
  const bench = makeBench();
  bench.unrecorded = refuse('unavailable', 'journal/unavailable', 'full');
  assert.is(codeOf(await bench.keys.create(BASE, 'ana')), 'journal/unavailable');
  assert.equal(await bench.keys.list(), []);
});

test.run();
