/**
 * A yes is for exactly what was seen, for who asked, once: ways to run something else under it, on a real server through the real
 * gate and desk. The list only grows; a case is never weakened.
 */
import type pg from 'pg';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createApprovalDesk } from '../../../control/approvals/desk.ts';
import type { ApprovalView } from '../../../control/approvals/view.ts';
import { openSqliteStore } from '../../../control/store/sqlite/sqlite-store.ts';
import type { ApprovalDemand } from '../../../engine/contract/decision.ts';
import type { IdentityInput } from '../../../engine/contract/input.ts';
import { isRefusal } from '../../../proxy/gate/refusal.ts';
import { exampleIdentity } from '../../control/store/example-approval.ts';
import { decision, demand, REVISION, START_NS, until } from '../../support/gate-ports.ts';
import { startPostgresFixture, withDriver } from '../../support/postgres-fixture.ts';

const time = { ns: START_NS };
const store = openSqliteStore(':memory:');
let ids = 0;
const desk = createApprovalDesk({
  store,
  clock: { nowNs: () => time.ns },
  newId: () => {
    ids += 1;
    return `id${ids}`;
  },
  maxPendingPerIdentity: 99,
  gateway: 'gateway-1',
  journal: () => Promise.resolve(),
  emailOf: (subject) => (subject.startsWith('dora') ? 'dora@example.com' : undefined),
});
const { gateway, through, direct, stop } = await startPostgresFixture(
  'test/bypass/identity/approvals',
  { approvals: desk },
);
const { bench } = gateway;

const test = suite('bypass/identity/approvals');

const person = (subject: string, more: Partial<IdentityInput> = {}): IdentityInput =>
  exampleIdentity({ subject, name: subject, groups: ['dba'], ...more });
const dora = person('dora');
const egon = person('egon');
const maria = exampleIdentity({ subject: 'maria', name: 'Maria' });
const agent = exampleIdentity({
  subject: 'agent',
  name: 'Agent',
  kind: 'agent',
  claims: { owner: 'olga' },
  on_behalf_of: maria,
  actors: ['agent', 'maria'],
});

let wanted: ApprovalDemand;
let revision: string;

test.before(() =>
  withDriver(direct, async (client) => {
    await client.query(`create role other; grant all on schema public to other;
      create table t (a int); grant all on t to other; create schema evil; create table evil.t (a int)`);
  }),
);
test.before.each(() => {
  time.ns = START_NS;
  bench.nowNs = START_NS;
  bench.identity = agent;
  wanted = demand();
  revision = REVISION;
  bench.decide = (input) =>
    input.action.class === 'write' || input.action.class === 'unknown'
      ? decision({ effect: 'require_approval', approvals: [wanted], revision })
      : decision({ revision });
});
test.after.each(() =>
  withDriver(direct, async (client) => {
    await client.query('truncate t; truncate evil.t');
    for (const { id } of await store.listApprovals({ states: ['granted'], limit: 999 }))
      await desk.revoke(id, person('cleaner'));
  }),
);
test.after(async () => {
  await stop();
  await store.close();
});

const pending = async (): Promise<readonly ApprovalView[]> => desk.list(dora, ['pending']);

/** Runs it; a request it waits for is denied and handed out. */
async function attempt(client: pg.Client, query: string | pg.QueryConfig): Promise<Attempt> {
  let done = false;
  let error = '';
  const running = client
    .query(query)
    .catch((fault: Error) => {
      error = fault.message;
    })
    .finally(() => {
      done = true;
    });
  const deadline = Date.now() + 5_000;
  let held: ApprovalView | undefined;
  while (!done && held === undefined && Date.now() < deadline) {
    [held] = await pending();
    if (held === undefined) await new Promise((resolve) => setTimeout(resolve, 2));
  }
  if (held !== undefined) await desk.answer(held.id, egon, 'deny', undefined);
  await running;
  return { held, ran: held === undefined && error === '', error };
}
interface Attempt {
  readonly held: ApprovalView | undefined;
  /** What the client was told; empty when it ran. */
  readonly error: string;
  readonly ran: boolean;
}

/** A grant for what this request asked, which nobody has used. */
async function grantFor(seen: ApprovalView | undefined): Promise<string> {
  if (seen === undefined) throw new Error('nothing was held');
  const asked = await desk.request({
    sessionId: seen.sessionId,
    identity: seen.identity,
    resource: { name: seen.resource, type: 'postgres', labels: {} },
    text: seen.text,
    digest: seen.digest,
    demand: seen.demand,
    revision: seen.revision,
    reason: undefined,
    decidedAtMs: Number(time.ns / 1_000_000n),
    evidence: {},
  });
  if (isRefusal(asked)) throw new Error(asked.message);
  for (const each of [dora, egon]) await desk.answer(asked.id, each, 'approve', undefined);
  assert.ok(await store.findGrantOf(asked.id));
  return asked.id;
}

const count = (table = 't'): Promise<number> =>
  withDriver(direct, async (client) =>
    Number((await client.query(`select count(*) from ${table}`)).rows[0].count),
  );

const PLAIN = 'insert into t values (1)';
const BOUND = { text: 'insert into t values ($1)', values: [1] };

interface Case {
  readonly name: string;
  readonly seen?: string | pg.QueryConfig;
  /** What is run under the grant; the same when left out. */
  readonly run?: string | pg.QueryConfig;
  readonly before?: (client: pg.Client, approval: string) => unknown;
  readonly demand?: Partial<ApprovalDemand>;
  /** In another connection. */
  readonly elsewhere?: true;
}

const set = (text: string) => (client: pg.Client) => client.query(text);
const be = (changes: Partial<IdentityInput>) => (): void => {
  bench.identity = { ...agent, ...changes };
};
const pass = (ms: number) => (): void => {
  time.ns += BigInt(ms) * 1_000_000n;
  bench.nowNs = time.ns;
};

const CASES: readonly Case[] = [
  { name: 'another literal', run: 'insert into t values (2)' },
  { name: 'another blank', run: 'insert  into t values (1)' },
  { name: 'another letter case', run: 'INSERT into t values (1)' },
  { name: 'a comment more', run: 'insert into t values (1) -- harmless' },
  { name: 'a statement more', run: 'insert into t values (1); insert into t values (9)' },
  { name: 'a statement before it', run: 'select 1; insert into t values (1)' },
  { name: 'another table that looks alike', run: 'insert into evil.t values (1)' },
  { name: 'another parameter', seen: BOUND, run: { ...BOUND, values: [2] } },
  { name: 'no value for a value', seen: BOUND, run: { ...BOUND, values: [null] } },
  { name: 'the text of a bound statement as plain text', seen: BOUND, run: PLAIN },
  { name: 'a plain statement as a prepared one with a value', run: BOUND },
  {
    name: 'a prepared statement with other values',
    seen: { ...BOUND, name: 'p' },
    run: { ...BOUND, name: 'p', values: [7] },
  },
  {
    name: 'the same EXECUTE of a name that stands for something else',
    seen: 'execute q(1)',
    before: set('deallocate q; prepare q(int) as insert into evil.t values ($1)'),
  },
  { name: 'another search_path', before: set('set search_path = evil, public') },
  {
    name: 'another search_path by function',
    before: set("select set_config('search_path', 'evil', false)"),
  },
  { name: 'another role', before: set('set role other') },
  { name: 'another session authorization', before: set('set session authorization other') },
  { name: 'another setting of the session', before: set("set sallyport.mode = 'b'") },
  { name: 'a temporary table over the one seen', before: set('create temp table t (a int)') },
  { name: 'another agent', elsewhere: true, before: be({ subject: 'agent2', actors: ['agent2'] }) },
  {
    name: 'the same agent for somebody else',
    elsewhere: true,
    before: be({ on_behalf_of: person('nina'), actors: ['agent', 'nina'] }),
  },
  {
    name: 'the same agent for somebody else under the same list of actors',
    elsewhere: true,
    before: be({ on_behalf_of: person('maria', { issuer: 'evil' }) }),
  },
  { name: 'the same subject of another issuer', elsewhere: true, before: be({ issuer: 'evil' }) },
  { name: 'a chain that was cut', elsewhere: true, before: be({ actors: ['agent'] }) },
  { name: 'the agent as a service', elsewhere: true, before: be({ kind: 'service' }) },
  { name: 'the approver as requester', elsewhere: true, before: be({ ...dora }) },
  { name: 'after it expired', before: pass(60_000) },
  { name: 'after it was revoked', before: (_client, id) => desk.revoke(id, egon) },
  {
    name: 'under other policies',
    before: () => {
      revision = `sha256:${'b'.repeat(64)}`;
    },
  },
  {
    name: 'for another demand',
    before: () => {
      wanted = demand({ code: 'prod-delete' });
    },
  },
  {
    name: 'for a demand of more people',
    before: () => {
      wanted = demand({ quorum: 2 });
    },
  },
  {
    name: 'for a demand of other people',
    before: () => {
      wanted = demand({ approvers: { groups: ['dba', 'security'], subjects: [] } });
    },
  },
  {
    name: 'in another session than the one it is for',
    demand: { scope: 'session' },
    elsewhere: true,
  },
];

for (const { name, seen = PLAIN, run = seen, before, demand: changes, elsewhere } of CASES)
  test(`a yes does not hold for: ${name}`, () =>
    withDriver(through, async (client) => {
      wanted = demand(changes);
      if (seen === 'execute q(1)') {
        // The name is prepared by what another yes was for.
        bench.decide = () => decision({ revision });
        await client.query('prepare q(int) as insert into t values ($1)');
      }
      const ask = (): void => {
        bench.decide = (input) =>
          input.action.class === 'write' && input.action.verb !== 'PREPARE'
            ? decision({ effect: 'require_approval', approvals: [wanted], revision })
            : decision({ revision });
      };
      ask();
      const first = await attempt(client, seen);
      assert.match(first.error, /denied by egon/);
      const approval = await grantFor(first.held);
      const usesBefore = (await store.findGrantOf(approval))?.uses;
      const go = async (with_: pg.Client): Promise<void> => {
        const second = await attempt(with_, run);
        assert.not(second.ran, 'it ran under the yes for something else');
        assert.is((await count()) + (await count('evil.t')), 0);
        assert.is((await store.findGrantOf(approval))?.uses, usesBefore, 'the yes was used up');
        if (second.held === undefined) assert.is.not(second.error, '');
        else {
          assert.match(second.error, /denied by egon/);
          assert.is((await store.findApproval(second.held.id))?.state, 'denied');
        }
      };
      await before?.(client, approval);
      if (elsewhere === undefined) await go(client);
      else await withDriver(through, go);
    }));

test('what was approved runs, once: a replay asks again', () =>
  withDriver(through, async (client) => {
    await grantFor((await attempt(client, PLAIN)).held);
    assert.ok((await attempt(client, PLAIN)).ran);
    const again = await attempt(client, PLAIN);
    assert.ok(again.held);
    assert.is(await count(), 1);
  }));

test('of eight connections that use one yes at once exactly one runs', async () => {
  await withDriver(through, async (client) => {
    await grantFor((await attempt(client, PLAIN)).held);
  });
  const settled: string[] = [];
  const racers = Array.from({ length: 8 }, () =>
    withDriver(through, async (client) => {
      settled.push(
        await client.query(PLAIN).then(
          () => 'ran',
          () => 'refused',
        ),
      );
    }),
  );
  const deadline = Date.now() + 5_000;
  while (settled.length < 8 && Date.now() < deadline) {
    for (const { id } of await pending()) await desk.answer(id, egon, 'deny', undefined);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await Promise.all(racers);
  assert.is(settled.filter((each) => each === 'ran').length, 1);
  assert.is(await count(), 1);
});

for (const [name, approvers] of [
  ['the owner of the agent', [person('olga')]],
  ['whom the agent acts for', [person('maria')]],
  ['the agent in the group', [{ ...agent, groups: ['dba'] }]],
  ['two accounts of one person', [dora, person('dora-root', { groups: ['dba', 'security'] })]],
  ['one person twice', [dora, dora]],
  ['somebody of another group', [person('eve', { groups: ['dba2'] })]],
] as const)
  test(`nothing runs by the yes of ${name}`, () =>
    withDriver(through, async (client) => {
      wanted = demand({ quorum: approvers.length });
      const running = client.query(PLAIN).then(
        () => 'ran',
        () => 'refused',
      );
      await until(() => desk.waiting === 1);
      const [asked] = await store.listApprovals({ states: ['pending'], limit: 9 });
      await Promise.all(
        approvers.map((each) => desk.answer(asked?.id ?? '', each, 'approve', undefined)),
      );
      assert.is((await store.findApproval(asked?.id ?? ''))?.state, 'pending');
      await desk.withdraw(asked?.id ?? '', agent, undefined);
      assert.is(await running, 'refused');
      assert.is(await count(), 0);
    }));

test('policies that change while it waits make the gate ask again', () =>
  withDriver(through, async (client) => {
    const running = client.query(PLAIN).then(
      () => 'ran',
      () => 'refused',
    );
    await until(() => desk.waiting === 1);
    const [first] = await pending();
    revision = `sha256:${'c'.repeat(64)}`;
    await desk.answer(first?.id ?? '', dora, 'approve', undefined);
    await until(() => desk.waiting === 1);
    const [second] = await pending();
    assert.is.not(second?.id, first?.id);
    await desk.answer(second?.id ?? '', egon, 'deny', undefined);
    assert.is(await running, 'refused');
    assert.is(await count(), 0);
  }));

test.run();
