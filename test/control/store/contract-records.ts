/** The part of the contract of stores on consents, dead letters, what happens once, keys and sealed secrets. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Test } from 'uvu';
import * as assert from 'uvu/assert';
import type { ApiKey } from '../../../control/identity/ports.ts';
import type { StoreChange } from '../../../control/store/changes/change-feed.ts';
import type { Store } from '../../../control/store/store.ts';

/** What stores keep besides approvals, grants and revocations. */
export function addRecordCases(contract: Test<{ store: Store }>): void {
  contract('a consent comes back as it was given, and ends once', async ({ store }) => {
    const consent = {
      id: 'c1',
      subject: 'ada',
      agent: 'helper',
      purpose: 'helps',
      resources: ['shop'],
      grantedAtMs: 5,
      expiresAtMs: 10,
      revokedAtMs: undefined,
    };
    await store.insertConsent(consent);
    await store.insertConsent({ ...consent, id: 'c2', resources: undefined, grantedAtMs: 6 });
    await store.insertConsent({ ...consent, id: 'c3', subject: 'bob' });
    assert.equal(await store.findConsent('c1'), consent);
    assert.is((await store.findConsent('c2'))?.resources, undefined);
    const idsOf = async (filter: { subject?: string; agent?: string }, limit = 10) =>
      (await store.listConsents(filter, limit)).map(({ id }) => id);
    assert.equal(await idsOf({ subject: 'ada', agent: 'helper' }), ['c2', 'c1']);
    assert.equal(await idsOf({ subject: 'ada' }, 1), ['c2']);
    assert.equal((await idsOf({ agent: 'helper' })).sort(), ['c1', 'c2', 'c3']);
    assert.is(await store.revokeConsent('c1', 7), true);
    assert.is(await store.revokeConsent('c1', 8), false);
    assert.is(await store.revokeConsent('none', 8), false);
    assert.is((await store.findConsent('c1'))?.revokedAtMs, 7);
  });

  contract('a dead letter is taken once, by one of those who try', async ({ store }) => {
    const letter = {
      id: 'l1',
      channel: 'ops',
      event: 'asked',
      approval: 'a1',
      recipient: undefined,
      attempts: 8,
      error: 'HTTP 503',
      atMs: 5,
    } as const;
    await store.keepDeadLetter(letter);
    await store.keepDeadLetter({ ...letter, id: 'l2', recipient: 'dora', atMs: 6 });
    assert.equal(
      (await store.listDeadLetters(9)).map(({ id, recipient }) => [id, recipient]),
      [
        ['l2', 'dora'],
        ['l1', undefined],
      ],
    );
    assert.is((await store.listDeadLetters(1)).length, 1);
    const taken = await Promise.all([1, 2, 3].map(() => store.takeDeadLetter('l1')));
    assert.equal(
      taken.filter((each) => each !== undefined),
      [letter],
    );
    assert.is(await store.takeDeadLetter('none'), undefined);
    assert.is((await store.listDeadLetters(9)).length, 1);
  });

  contract('what may happen once happens once, also when tried at once', async ({ store }) => {
    const tries = await Promise.all([1, 2, 3, 4].map((at) => store.useOnce('x', at, 100)));
    assert.is(tries.filter(Boolean).length, 1);
    assert.is(await store.useOnce('x', 99, 200), false);
    assert.is(await store.useOnce('x', 101, 200), true);
    assert.is(await store.useOnce('for ever', 1, undefined), true);
    assert.is(await store.useOnce('for ever', 1e12, undefined), false);
  });

  contract('a key of a machine is found by its hash, used, and revoked once', async ({ store }) => {
    const key: ApiKey = {
      id: 'k1',
      prefix: 'sak_abcdefgh',
      hash: 'h1',
      subject: 'billing',
      note: 'nightly export',
      resources: ['shop'],
      protocols: ['postgres'],
      createdBy: 'ana',
      createdAtMs: 10,
      expiresAtMs: 100,
      lastUsedAtMs: undefined,
      revokedAtMs: undefined,
    };
    await store.insertApiKey(key);
    assert.ok(await rejects(store.insertApiKey({ ...key, id: 'k2' })), 'one key for each hash');
    await store.insertApiKey({ ...key, id: 'k2', hash: 'h2', createdAtMs: 20 });
    assert.equal(await store.findApiKeyByHash('h1'), key);
    assert.is(await store.findApiKeyByHash('h3'), undefined);
    assert.equal(
      (await store.listApiKeys(10)).map(({ id }) => id),
      ['k2', 'k1'],
    );
    assert.is((await store.listApiKeys(1)).length, 1);
    await store.noteApiKeyUse('k1', 50);
    await store.noteApiKeyUse('k1', 40);
    assert.is((await store.findApiKey('k1'))?.lastUsedAtMs, 50);
    assert.is(await store.revokeApiKey('k1', 60), true);
    assert.is(await store.revokeApiKey('k1', 70), false);
    assert.is((await store.findApiKey('k1'))?.revokedAtMs, 60);
    assert.is(await store.revokeApiKey('k9', 70), false);
  });

  contract('a sealed secret is replaced only by who saw its version', async ({ store }) => {
    const seen: StoreChange[] = [];
    const stop = store.watch((change) => void seen.push(change));
    const secret = {
      name: 'shop',
      version: 7,
      keyId: 'a1',
      sealed: 'AAAA',
      changedBy: 'ana',
      changedAtMs: 7,
    };
    assert.is(await store.putSealedSecret(secret, undefined), true);
    assert.is(await store.putSealedSecret({ ...secret, version: 8 }, undefined), false);
    assert.is(await store.putSealedSecret({ ...secret, version: 8 }, 6), false);
    assert.equal(await store.findSealedSecret('shop'), secret);
    const next = { ...secret, version: 8, sealed: 'BBBB' };
    assert.is(await store.putSealedSecret(next, 7), true);
    await store.putSealedSecret({ ...secret, name: 'api' }, undefined);
    assert.equal(
      (await store.listSealedSecrets(10)).map(({ name, version }) => [name, version]),
      [
        ['api', 7],
        ['shop', 8],
      ],
    );
    assert.is(await store.removeSealedSecret('shop'), true);
    assert.is(await store.removeSealedSecret('shop'), false);
    assert.is(await store.findSealedSecret('shop'), undefined);
    for (let waited = 0; seen.length < 4 && waited < 200; waited += 1) await delay(10);
    assert.equal(
      seen.map((change) => (change.kind === 'secret' ? change.id : change.kind)),
      ['shop', 'shop', 'api', 'shop'],
    );
    stop();
  });
}

async function rejects(action: Promise<unknown>): Promise<boolean> {
  return action.then(
    () => false,
    () => true,
  );
}
