/**
 * What happens to a request besides an answer: it is put before further people, taken back, or runs out by the clock of the
 * decision that asked. And that looking at many costs no more than looking at one.
 */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createApprovalDesk } from '../../../control/approvals/desk.ts';
import { STRICT_RULES } from '../../../control/approvals/rules.ts';
import type { ApprovalRules } from '../../../control/config/approvals-section.ts';
import type { StoredApproval } from '../../../control/store/approvals/approval-store.ts';
import { openSqliteStore } from '../../../control/store/sqlite/sqlite-store.ts';
import type { Store } from '../../../control/store/store.ts';
import type { IdentityInput } from '../../../engine/contract/input.ts';
import type { JournalEntry } from '../../../proxy/gate/record.ts';
import { isRefusal } from '../../../proxy/gate/refusal.ts';
import { until } from '../../support/gate-ports.ts';
import { agentIdentity, exampleApproval, exampleIdentity } from '../store/example-approval.ts';

const life = suite('control/approvals/life');

const START_MS = 1_000_000;
const person = (subject: string, groups: readonly string[]): IdentityInput =>
  exampleIdentity({ subject, name: subject, groups });
const dora = person('dora', ['dba']);
const lena = person('lena', ['leads']);
const maria = person('maria', []);

/** The store, with a count of what is asked of it. */
function counting(store: Store): { readonly store: Store; queries: number } {
  const counted = {
    queries: 0,
    store: new Proxy(store, {
      get(target, key) {
        const value: unknown = Reflect.get(target, key);
        if (typeof value !== 'function' || key === 'watch') return value;
        return (...args: unknown[]) => {
          counted.queries += 1;
          return Reflect.apply(value, target, args) as unknown;
        };
      },
    }),
  };
  return counted;
}

function bench(rules: Partial<ApprovalRules> = {}) {
  const time = { nowMs: START_MS };
  const entries: JournalEntry[] = [];
  const asked: StoredApproval[] = [];
  const counted = counting(openSqliteStore(':memory:'));
  let ids = 0;
  const desk = createApprovalDesk({
    store: counted.store,
    clock: { nowNs: () => BigInt(time.nowMs) * 1_000_000n },
    newId: () => {
      ids += 1;
      return `id${ids}`;
    },
    maxPendingPerIdentity: 999,
    emailOf: () => undefined,
    gateway: 'gateway-1',
    journal: (entry) => {
      entries.push(entry);
      return Promise.resolve();
    },
    rules: { ...STRICT_RULES, ...rules },
    onAsked: (approval) => asked.push(approval),
  });
  const ask = async (decidedAtMs = time.nowMs) => {
    const { text, digest, demand, revision } = exampleApproval();
    const request = await desk.request({
      sessionId: 's1',
      identity: agentIdentity,
      resource: { name: 'shop', type: 'postgres', labels: {} },
      text,
      digest,
      demand,
      revision,
      reason: undefined,
      decidedAtMs,
      evidence: { action: { kind: 'sql', verb: 'UPDATE', class: 'write' } },
    });
    if (isRefusal(request)) throw new Error(request.message);
    return request;
  };
  const steps = (): readonly string[] =>
    entries.flatMap((entry) => (entry.type === 'approval.step' ? [entry.step] : []));
  return { time, asked, counted, desk, ask, steps, store: counted.store };
}

const told = async (outcome: Promise<unknown>): Promise<string> => {
  const value = await outcome;
  return isRefusal(value) ? value.code : (value as { readonly state: string }).state;
};
const never = new AbortController().signal;

life('a request is escalated once, to the people the configuration names', async () => {
  const { desk, ask, asked, steps } = bench({ escalateTo: ['leads'] });
  const { id } = await ask();
  assert.is(await told(desk.answer(id, lena, 'approve', undefined)), 'approval/not-found');
  assert.is(await told(desk.escalate(id, person('eve', []), undefined)), 'approval/not-found');
  assert.is(await told(desk.escalate(id, maria, 'nobody is here')), 'pending');
  assert.is(await told(desk.escalate(id, maria, undefined)), 'approval/escalated-before');
  assert.equal(
    asked.map((each) => each.escalation?.groups),
    [undefined, ['leads']],
  );
  assert.is(await told(desk.answer(id, lena, 'approve', undefined)), 'granted');
  assert.is(await told(desk.escalate(id, maria, undefined)), 'approval/closed');
  assert.equal(steps(), ['request', 'escalate', 'approve']);
});

life('those a request is escalated to are bound by separation of duties too', async () => {
  const { desk, ask } = bench({ escalateTo: ['leads'] });
  const { id } = await ask();
  await desk.escalate(id, maria, undefined);
  for (const party of [person('maria', ['leads']), person('olga', ['leads'])])
    assert.is(await told(desk.answer(id, party, 'approve', undefined)), 'approval/own-request');
});

life('a request that nobody answers is escalated by itself', async () => {
  const { desk, ask, asked, steps } = bench({ escalateTo: ['leads'], escalateAfterMs: 5 });
  const { id } = await ask();
  const alive = setInterval(() => undefined, 1000);
  await until(() => asked.length === 2);
  clearInterval(alive);
  assert.is(asked[1]?.escalation?.by, 'the gateway');
  assert.equal(steps(), ['request', 'escalate']);
  assert.is(await told(desk.answer(id, lena, 'deny', undefined)), 'denied');
});

life('its own side takes a request back, and the client is told', async () => {
  const { desk, ask, steps } = bench();
  const { id, wait } = await ask();
  const waiting = wait(never);
  assert.is(await told(desk.withdraw(id, dora, undefined)), 'approval/not-own');
  assert.is(await told(desk.withdraw(id, maria, 'a mistake')), 'cancelled');
  assert.equal(await waiting, { kind: 'cancelled' });
  assert.is(await told(desk.answer(id, dora, 'approve', undefined)), 'approval/closed');
  assert.equal(steps(), ['request', 'withdraw']);
});

life('the time runs from the decision, however late the request is made', async () => {
  const { desk, ask, time, store } = bench();
  time.nowMs = START_MS + 40_000;
  const { id } = await ask(START_MS);
  assert.is((await store.findApproval(id))?.expiresAtMs, START_MS + 60_000);
  time.nowMs = START_MS + 60_000;
  assert.is(await told(desk.answer(id, dora, 'approve', undefined)), 'approval/closed');
  assert.is((await store.findApproval(id))?.state, 'expired');
  assert.is(await store.findGrantOf(id), undefined);
});

life('a request past its time is listed as expired before anybody has ended it', async () => {
  const { desk, ask, time, steps } = bench();
  await ask();
  const listed = async (state: 'pending' | 'expired') => (await desk.list(dora, [state])).length;
  assert.equal([await listed('pending'), await listed('expired')], [1, 0]);
  time.nowMs += 60_000;
  assert.equal([await listed('pending'), await listed('expired')], [0, 1]);
  assert.equal(steps(), ['request']);
});

life('a list of many asks the store no more often than a list of one', async () => {
  const { desk, ask, counted } = bench();
  const cost = async (): Promise<number> => {
    counted.queries = 0;
    await desk.list(dora);
    return counted.queries;
  };
  const first = await ask();
  await desk.answer(first.id, dora, 'approve', undefined);
  const one = await cost();
  for (let more = 0; more < 50; more += 1) {
    const { id } = await ask();
    if (more % 2 === 0) await desk.answer(id, dora, 'approve', undefined);
  }
  assert.is((await desk.list(dora)).length, 51);
  assert.is((await desk.list(dora)).filter(({ grant }) => grant !== undefined).length, 26);
  assert.is(await cost(), one);
});

life('one request is shown with what was decided about the like, by as many queries', async () => {
  const { desk, ask: askNow, counted, time } = bench();
  const ask = () => {
    time.nowMs += 1;
    return askNow();
  };
  const cost = async (id: string): Promise<number> => {
    counted.queries = 0;
    await desk.find(id, dora);
    return counted.queries;
  };
  const before = await ask();
  await desk.answer(before.id, dora, 'deny', 'not on a Friday');
  const { id } = await ask();
  const one = await cost(id);
  for (let more = 0; more < 4; more += 1)
    await desk.answer((await ask()).id, dora, 'approve', undefined);
  const view = await desk.find(id, dora);
  if (isRefusal(view)) throw new Error(view.message);
  assert.equal(
    view.similar.map(({ state, by, isSame }) => [state, by, isSame]),
    [...Array.from({ length: 4 }, () => ['granted', ['dora'], true]), ['denied', ['dora'], true]],
  );
  assert.is(await cost(id), one);
});

life.run();
