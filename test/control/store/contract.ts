/**
 * What every store engine must do, as one list of tests: an engine's own test file calls this with a way to open it.
 */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Store } from '../../../control/store/store.ts';
import { exampleApproval, exampleGrant } from './example-approval.ts';

/** Registers and runs the contract for one engine; `open` gives an empty store each time. */
export function runStoreContract(name: string, open: () => Store): void {
  const contract = suite<{ store: Store }>(name);

  contract.before.each((context) => {
    context.store = open();
  });
  contract.after.each(async (context) => {
    await context.store.close();
  });

  contract('an approval comes back as it was put in', async ({ store }) => {
    const approval = exampleApproval({ id: 'a1', reason: 'ticket 7' });
    await store.insertApproval(approval);
    assert.equal(await store.findApproval('a1'), approval);
    assert.is(await store.findApproval('a2'), undefined);
  });

  contract('approvals are listed newest first, by state, up to a limit', async ({ store }) => {
    for (const at of [1, 2, 3])
      await store.insertApproval(exampleApproval({ id: `a${at}`, createdAtMs: at }));
    await store.moveApproval('a3', 'pending', 'denied', 9);
    const idsOf = async (filter: Parameters<Store['listApprovals']>[0]) =>
      (await store.listApprovals(filter)).map((approval) => approval.id);
    assert.equal(await idsOf({ limit: 10 }), ['a3', 'a2', 'a1']);
    assert.equal(await idsOf({ limit: 1, states: ['pending'] }), ['a2']);
    assert.is(await store.countPending('agent'), 2);
    assert.is(await store.countPending('nobody'), 0);
  });

  contract('a request is moved once, from the state it is in', async ({ store }) => {
    await store.insertApproval(exampleApproval({ id: 'a1' }));
    assert.is(await store.moveApproval('a1', 'pending', 'denied', 5), true);
    assert.is(await store.moveApproval('a1', 'pending', 'granted', 6), false);
    const found = await store.findApproval('a1');
    assert.is(found?.state, 'denied');
    assert.is(found?.decidedAtMs, 5);
  });

  contract('a move that fails leaves no grant behind', async ({ store }) => {
    await store.insertApproval(exampleApproval({ id: 'a1' }));
    await store.moveApproval('a1', 'pending', 'cancelled', 5);
    const grant = exampleGrant({ approval: 'a1' });
    assert.is(await store.moveApproval('a1', 'pending', 'granted', 6, grant), false);
    assert.is(await store.findGrantOf('a1'), undefined);
  });

  contract('a person answers a request once', async ({ store }) => {
    await store.insertApproval(exampleApproval({ id: 'a1' }));
    const answer = {
      approval: 'a1',
      subject: 'dba',
      answer: 'approve',
      note: 'ok',
      atMs: 1,
    } as const;
    assert.is(await store.insertAnswer(answer), true);
    assert.is(await store.insertAnswer({ ...answer, answer: 'deny' }), false);
    assert.equal(await store.listAnswers('a1'), [answer]);
  });

  contract('an answer to no request is refused', async ({ store }) => {
    let failed = false;
    try {
      await store.insertAnswer({
        approval: 'none',
        subject: 'dba',
        answer: 'deny',
        note: undefined,
        atMs: 1,
      });
    } catch {
      failed = true;
    }
    assert.ok(failed);
  });

  contract('grants are found by subject, chain, resource and time', async ({ store }) => {
    const grant = exampleGrant({ approval: 'a1', expiresAtMs: 1000, scope: 'duration' });
    await store.insertApproval(exampleApproval({ id: 'a1' }));
    await store.moveApproval('a1', 'pending', 'granted', 1, grant);
    const scope = {
      subject: grant.subject,
      actors: grant.actors,
      resource: grant.resource,
      sessionId: 'another',
    };
    assert.equal(await store.findGrants(scope, 999), [grant]);
    assert.equal(await store.findGrants(scope, 1000), []);
    assert.equal(await store.findGrants({ ...scope, subject: 'x' }, 1), []);
    assert.equal(await store.findGrants({ ...scope, actors: [] }, 1), []);
    assert.equal(await store.findGrants({ ...scope, resource: 'x' }, 1), []);
  });

  contract('a session grant holds in its session only', async ({ store }) => {
    const grant = exampleGrant({ approval: 'a1', scope: 'session', sessionId: 's1' });
    await store.insertApproval(exampleApproval({ id: 'a1' }));
    await store.moveApproval('a1', 'pending', 'granted', 1, grant);
    const scope = { subject: grant.subject, actors: grant.actors, resource: grant.resource };
    assert.is((await store.findGrants({ ...scope, sessionId: 's1' }, 1)).length, 1);
    assert.is((await store.findGrants({ ...scope, sessionId: 's2' }, 1)).length, 0);
  });

  contract('a grant is spent as often as it has uses', async ({ store }) => {
    const grant = exampleGrant({ approval: 'a1', uses: 2, expiresAtMs: 1000 });
    await store.insertApproval(exampleApproval({ id: 'a1' }));
    await store.moveApproval('a1', 'pending', 'granted', 1, grant);
    assert.is(await store.spendGrant(grant.id, 1000), false);
    assert.equal(await Promise.all([1, 2, 3].map(() => store.spendGrant(grant.id, 5))), [
      true,
      true,
      false,
    ]);
    assert.is(await store.spendGrant('none', 5), false);
  });

  contract('a revoked grant is neither found nor spent', async ({ store }) => {
    const grant = exampleGrant({ approval: 'a1', expiresAtMs: 1000 });
    await store.insertApproval(exampleApproval({ id: 'a1' }));
    await store.moveApproval('a1', 'pending', 'granted', 1, grant);
    assert.is(await store.revokeGrant(grant.id, 5), true);
    assert.is(await store.revokeGrant(grant.id, 6), false);
    assert.is(await store.spendGrant(grant.id, 7), false);
    assert.equal(await store.findGrants({ ...grant }, 7), []);
    assert.is((await store.findGrantOf('a1'))?.revokedAtMs, 5);
  });

  contract('a token stays revoked until it would have expired', async ({ store }) => {
    await store.revokeToken({ tokenId: 't1', by: 'ana', atMs: 1, expiresAtMs: 100 });
    await store.revokeToken({ tokenId: 't1', by: 'bob', atMs: 2, expiresAtMs: 100 });
    assert.is(await store.isRevoked('t1'), true);
    assert.is(await store.isRevoked('t2'), false);
    await store.revokeToken({ tokenId: 't3', by: 'ana', atMs: 200, expiresAtMs: 300 });
    assert.is(await store.isRevoked('t1'), false);
    assert.is(await store.isRevoked('t3'), true);
  });

  contract('a store that can be written answers a ping', async ({ store }) => {
    await store.ping();
    assert.equal(await store.listApprovals({ limit: 1 }), []);
  });

  contract.run();
}
