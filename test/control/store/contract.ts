/**
 * What every store engine must do, as one list of tests: an engine's own test file calls this with a way to open it.
 */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { REVOCATION_GRACE_MS } from '../../../control/identity/ports.ts';
import type { ApprovalFilter } from '../../../control/store/approvals/approval-store.ts';
import type { StoreChange } from '../../../control/store/changes/change-feed.ts';
import type { Store } from '../../../control/store/store.ts';
import { addRecordCases } from './contract-records.ts';
import { exampleAnswer, exampleApproval, exampleGrant } from './example-approval.ts';

async function rejects(action: Promise<unknown>): Promise<boolean> {
  return action.then(
    () => false,
    () => true,
  );
}

/** Registers and runs the contract for one engine; `open` gives an empty store each time. */
export function runStoreContract(name: string, open: () => Promise<Store>): void {
  const contract = suite<{ store: Store }>(name);

  contract.before.each(async (context) => {
    context.store = await open();
  });
  contract.after.each(async (context) => {
    await context.store.close();
  });

  contract('an approval comes back as it was put in', async ({ store }) => {
    const approval = exampleApproval({
      id: 'a1',
      reason: 'ticket 7',
      text: "select '\u{1f512}\n' -- \\x",
      details: { parameters: ['1', null], client: { ip: '::1', application: 'psql' } },
    });
    await store.insertApproval(approval);
    assert.equal(await store.findApproval('a1'), approval);
    assert.is(await store.findApproval('a2'), undefined);
    assert.ok(await rejects(store.insertApproval(approval)));
  });

  contract(
    'approvals are listed newest first, by state and gateway, up to a limit',
    async ({ store }) => {
      for (const at of [1, 2, 3])
        await store.insertApproval(
          exampleApproval({ id: `a${at}`, createdAtMs: at, gateway: `g${at}` }),
        );
      await store.moveApproval('a3', 'pending', { to: 'denied', atMs: 9 });
      const idsOf = async (filter: ApprovalFilter) =>
        (await store.listApprovals(filter)).map((approval) => approval.id);
      assert.equal(await idsOf({ limit: 10 }), ['a3', 'a2', 'a1']);
      assert.equal(await idsOf({ limit: 1, states: ['pending'] }), ['a2']);
      assert.equal(await idsOf({ limit: 10, states: ['pending'], gateway: 'g1' }), ['a1']);
      assert.is(await store.countPending('agent'), 2);
      assert.is(await store.countPending('nobody'), 0);
    },
  );

  contract('similar requests are decided ones of one shape on one resource', async ({ store }) => {
    const add = async (id: string, changes: Parameters<typeof exampleApproval>[0]) =>
      store.insertApproval(exampleApproval({ id, ...changes }));
    await add('this', { state: 'pending' });
    await add('old', { state: 'granted', createdAtMs: 1 });
    await add('new', { state: 'denied', createdAtMs: 2 });
    await add('withdrawn', { state: 'cancelled' });
    await add('elsewhere', { state: 'granted', resource: 'other' });
    await add('unlike', { state: 'granted', shape: 'drop table t' });
    const { resource, shape } = exampleApproval();
    const found = await store.listSimilar({ resource, shape, except: 'this', limit: 5 });
    assert.equal(
      found.map(({ id }) => id),
      ['new', 'old'],
    );
    assert.is((await store.listSimilar({ resource, shape, except: 'new', limit: 1 })).length, 1);
  });

  contract('a request is moved once, from the state it is in', async ({ store }) => {
    await store.insertApproval(exampleApproval({ id: 'a1' }));
    assert.is(await store.moveApproval('a1', 'pending', { to: 'denied', atMs: 5 }), true);
    assert.is(await store.moveApproval('a1', 'pending', { to: 'granted', atMs: 6 }), false);
    assert.is(await store.moveApproval('none', 'pending', { to: 'granted', atMs: 6 }), false);
    const found = await store.findApproval('a1');
    assert.is(found?.state, 'denied');
    assert.is(found?.decidedAtMs, 5);
  });

  contract('of moves at once exactly one is made', async ({ store }) => {
    await store.insertApproval(exampleApproval({ id: 'a1' }));
    const moves = await Promise.all(
      (['denied', 'expired', 'cancelled', 'denied'] as const).map((to, atMs) =>
        store.moveApproval('a1', 'pending', { to, atMs }),
      ),
    );
    assert.is(moves.filter(Boolean).length, 1);
  });

  contract('a move that fails leaves no grant behind and has no witness', async ({ store }) => {
    await store.insertApproval(exampleApproval({ id: 'a1' }));
    await store.moveApproval('a1', 'pending', { to: 'cancelled', atMs: 5 });
    const grant = exampleGrant({ approval: 'a1' });
    let witnessed = 0;
    const moved = await store.moveApproval(
      'a1',
      'pending',
      { to: 'granted', atMs: 6, grant },
      async () => {
        witnessed += 1;
      },
    );
    assert.equal([moved, witnessed], [false, 0]);
    assert.is(await store.findGrantOf('a1'), undefined);
  });

  contract('a move whose witness fails is undone', async ({ store }) => {
    await store.insertApproval(exampleApproval({ id: 'a1' }));
    const grant = exampleGrant({ approval: 'a1' });
    const witness = () => Promise.reject(new Error('the journal is full'));
    const step = { to: 'granted', atMs: 6, grant } as const;
    assert.ok(await rejects(store.moveApproval('a1', 'pending', step, witness)));
    assert.is((await store.findApproval('a1'))?.state, 'pending');
    assert.is(await store.findGrantOf('a1'), undefined);
    assert.ok(
      await rejects(
        store.escalateApproval(
          'a1',
          { by: 'x', note: undefined, groups: ['leads'], atMs: 1 },
          witness,
        ),
      ),
    );
    assert.is((await store.findApproval('a1'))?.escalation, undefined);
  });

  contract('a pending request is escalated once', async ({ store }) => {
    await store.insertApproval(exampleApproval({ id: 'a1' }));
    const escalation = { by: 'maria', note: undefined, groups: ['leads'], atMs: 3 };
    assert.is(await store.escalateApproval('a1', escalation), true);
    assert.is(await store.escalateApproval('a1', { ...escalation, by: 'eve' }), false);
    assert.equal((await store.findApproval('a1'))?.escalation, escalation);
    await store.insertApproval(exampleApproval({ id: 'a2', state: 'granted' }));
    assert.is(await store.escalateApproval('a2', escalation), false);
  });

  contract('a person answers a request once, by whichever account', async ({ store }) => {
    await store.insertApproval(exampleApproval({ id: 'a1' }));
    const answer = exampleAnswer({ note: 'ok' });
    const leave = () => Promise.resolve(undefined);
    assert.equal(await store.answerApproval(answer, leave), { counted: true, moved: undefined });
    for (const again of [
      { ...answer, answer: 'deny' as const },
      { ...answer, subject: 'dba-admin' },
      { ...answer, person: 'somebody else' },
    ])
      assert.equal(await store.answerApproval(again, leave), { counted: false });
    assert.equal(await store.listAnswers(['a1']), [answer]);
  });

  contract('an answer moves the request as the judge says, in one step', async ({ store }) => {
    await store.insertApproval(exampleApproval({ id: 'a1' }));
    const grant = exampleGrant({ approval: 'a1' });
    const judge = (answers: readonly unknown[]) =>
      Promise.resolve(
        answers.length < 1 ? undefined : ({ to: 'granted', atMs: 7, grant } as const),
      );
    const results = await Promise.all(
      ['p1', 'p2', 'p3', 'p4'].map((person) =>
        store.answerApproval(exampleAnswer({ subject: person, person }), judge),
      ),
    );
    assert.is(results.filter((result) => result.counted).length, 2);
    assert.is(results.filter((result) => result.counted && result.moved).length, 1);
    assert.equal(await store.findGrantOf('a1'), grant);
    assert.is((await store.listAnswers(['a1'])).length, 2);
  });

  contract('an answer whose judge fails is not counted', async ({ store }) => {
    await store.insertApproval(exampleApproval({ id: 'a1' }));
    const fail = () => Promise.reject(new Error('the journal is full'));
    assert.ok(await rejects(store.answerApproval(exampleAnswer(), fail)));
    assert.equal(await store.listAnswers(['a1']), []);
  });

  contract('no request and a closed one take no answer', async ({ store }) => {
    const leave = () => Promise.resolve(undefined);
    await store.insertApproval(exampleApproval({ id: 'closed', state: 'denied' }));
    for (const approval of ['none', 'closed'])
      assert.equal(await store.answerApproval(exampleAnswer({ approval }), leave), {
        counted: false,
      });
  });

  contract('grants are found by subject, chain, resource and time', async ({ store }) => {
    const grant = exampleGrant({ approval: 'a1', expiresAtMs: 1000, scope: 'duration' });
    await grantIn(store, grant);
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
    await grantIn(store, grant);
    const scope = { subject: grant.subject, actors: grant.actors, resource: grant.resource };
    assert.is((await store.findGrants({ ...scope, sessionId: 's1' }, 1)).length, 1);
    assert.is((await store.findGrants({ ...scope, sessionId: 's2' }, 1)).length, 0);
  });

  contract('answers and grants of many requests come at once', async ({ store }) => {
    for (const at of [1, 2, 3]) {
      const approval = `a${at}`;
      await store.insertApproval(exampleApproval({ id: approval }));
      await store.answerApproval(exampleAnswer({ approval }), () =>
        Promise.resolve({
          to: 'granted',
          atMs: at,
          grant: exampleGrant({ id: `g${at}`, approval }),
        }),
      );
    }
    const answered = await store.listAnswers(['a3', 'a1', 'none']);
    assert.equal(answered.map(({ approval }) => approval).sort(), ['a1', 'a3']);
    const granted = await store.listGrantsOf(['a2', 'a3', 'none']);
    assert.equal(granted.map(({ id }) => id).sort(), ['g2', 'g3']);
    assert.equal([await store.listAnswers([]), await store.listGrantsOf([])], [[], []]);
  });

  contract('a grant is spent as often as it has uses', async ({ store }) => {
    const grant = exampleGrant({ approval: 'a1', uses: 2, expiresAtMs: 1000 });
    await grantIn(store, grant);
    assert.is(await store.spendGrant(grant.id, 1000), false);
    const spent = await Promise.all([1, 2, 3].map(() => store.spendGrant(grant.id, 5)));
    assert.is(spent.filter(Boolean).length, 2);
    assert.is(await store.spendGrant('none', 5), false);
  });

  contract('a grant without bounds on its uses keeps the count', async ({ store }) => {
    const grant = exampleGrant({ approval: 'a1', uses: Number.MAX_SAFE_INTEGER });
    await grantIn(store, grant);
    assert.is(await store.spendGrant(grant.id, 5), true);
    assert.is((await store.findGrantOf('a1'))?.uses, Number.MAX_SAFE_INTEGER - 1);
  });

  contract('the grant of a revoked request is neither found nor spent', async ({ store }) => {
    const grant = exampleGrant({ approval: 'a1', expiresAtMs: 1000 });
    await grantIn(store, grant);
    assert.is(await store.moveApproval('a1', 'granted', { to: 'revoked', atMs: 5 }), true);
    assert.is(await store.moveApproval('a1', 'granted', { to: 'revoked', atMs: 6 }), false);
    assert.is(await store.spendGrant(grant.id, 7), false);
    assert.equal(await store.findGrants({ ...grant }, 7), []);
    assert.is((await store.findGrantOf('a1'))?.revokedAtMs, 5);
  });

  contract('a token stays revoked until it would have expired', async ({ store }) => {
    await store.revokeToken({ tokenId: 't1', by: 'ana', atMs: 1, expiresAtMs: 100 });
    await store.revokeToken({ tokenId: 't1', by: 'bob', atMs: 2, expiresAtMs: 100 });
    assert.is(await store.isRevoked('t1'), true);
    assert.is(await store.isRevoked('t2'), false);
    assert.equal(await store.listRevoked(1), [{ tokenId: 't1', expiresAtMs: 100 }]);
    assert.equal(await store.listRevoked(2), []);
    // For a while after its end a token may still be taken: clocks differ.
    const atMs = 100 + REVOCATION_GRACE_MS;
    await store.revokeToken({ tokenId: 't3', by: 'ana', atMs, expiresAtMs: atMs + 1 });
    assert.is(await store.isRevoked('t1'), true);
    await store.revokeToken({ tokenId: 't4', by: 'ana', atMs: atMs + 1, expiresAtMs: atMs + 2 });
    assert.is(await store.isRevoked('t1'), false);
    assert.is(await store.isRevoked('t3'), true);
  });

  contract(
    'whoever watches is told of moves and revocations once they are made',
    async ({ store }) => {
      const seen: StoreChange[] = [];
      const states: Promise<unknown>[] = [];
      const stop = store.watch((change) => {
        seen.push(change);
        if (change.kind === 'approval')
          states.push(store.findApproval(change.id).then((found) => found?.state));
      });
      await store.insertApproval(exampleApproval({ id: 'a1' }));
      await store.moveApproval('a1', 'pending', { to: 'denied', atMs: 5 });
      await store.revokeToken({ tokenId: 't1', by: 'ana', atMs: 1, expiresAtMs: 100 });
      while (seen.length < 2) await new Promise((resolve) => setTimeout(resolve, 2));
      assert.equal(seen, [
        { kind: 'approval', id: 'a1' },
        { kind: 'token', id: 't1' },
      ]);
      assert.equal(await Promise.all(states), ['denied']);
      stop();
      await store.revokeToken({ tokenId: 't2', by: 'ana', atMs: 1, expiresAtMs: 100 });
      await new Promise((resolve) => setTimeout(resolve, 20));
      assert.is(seen.length, 2);
    },
  );

  contract('a store that can be written answers a ping', async ({ store }) => {
    await store.ping();
    assert.equal(await store.listApprovals({ limit: 1 }), []);
  });

  addRecordCases(contract);
  contract.run();
}

async function grantIn(store: Store, grant: ReturnType<typeof exampleGrant>): Promise<void> {
  await store.insertApproval(exampleApproval({ id: grant.approval }));
  await store.moveApproval(grant.approval, 'pending', { to: 'granted', atMs: 1, grant });
}
