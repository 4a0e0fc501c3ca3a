import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { GateSession } from '../../../proxy/gate/gate.ts';
import { createGate } from '../../../proxy/gate/pipeline.ts';
import type { Grant } from '../../../proxy/gate/ports.ts';
import { isRefusal, refuse } from '../../../proxy/gate/refusal.ts';
import type { Verdict } from '../../../proxy/gate/verdict.ts';
import {
  ARRIVAL,
  type AskedApproval,
  type Bench,
  decision,
  demand,
  makeBench,
  sqlAction,
  until,
  waiting,
} from '../../support/gate-ports.ts';

const test = suite('proxy/gate/hold');
const UPDATE = sqlAction('update t set a = 1', { class: 'write', verb: 'UPDATE' });

async function openHolding(
  approvals = [demand()],
  limits = {},
): Promise<{ bench: Bench; session: GateSession; gate: ReturnType<typeof createGate> }> {
  const bench = makeBench();
  bench.decide = () => decision({ effect: 'require_approval', approvals });
  const gate = createGate(bench.ports, { limits });
  const session = await gate.open(ARRIVAL);
  if (isRefusal(session)) throw new Error('refused');
  return { bench, session, gate };
}

async function firstAsked(bench: Bench, at = 0): Promise<AskedApproval> {
  await until(() => bench.asked.length > at);
  const asked = bench.asked[at];
  if (asked === undefined) throw new Error('nothing asked');
  return asked;
}

function approve(asked: AskedApproval, partial: Partial<Grant> = {}): void {
  asked.answer({ kind: 'granted', grant: asked.grant(partial) });
}

function codeOf(verdict: Verdict): string {
  return isRefusal(verdict) ? verdict.code : 'passed';
}

function typesOf(bench: Bench): string[] {
  return bench.entries.map(({ entry }) =>
    entry.type === 'action.decided' ? `decided:${entry.verdict}` : entry.type,
  );
}

test('holds an action until it is approved, then spends the grant and records it', async () => {
  const { bench, session } = await openHolding();
  const waits = waiting();
  const verdict = session.submit(UPDATE, waits.options);
  const asked = await firstAsked(bench);
  assert.is(asked.request.digest, UPDATE.digest);
  assert.is(asked.request.text, 'update t set a = 1');
  await until(() => waits.notices.length === 1);
  assert.equal(waits.notices[0], {
    approval: asked.id,
    code: 'prod-write',
    reason: 'writes in production',
    approvers: ['dba'],
    expiresInMs: 60_000,
  });
  approve(asked);
  assert.is(codeOf(await verdict), 'passed');
  assert.equal(bench.spent, [asked.id]);
  assert.equal(typesOf(bench), [
    'session.opened',
    'decided:hold',
    'approval.requested',
    'approval.granted',
    'decided:allow',
  ]);
  const last = bench.entries.at(-1);
  assert.is(last?.durability, 'synced');
  assert.equal(last?.entry.type === 'action.decided' && last.entry.grants, [asked.id]);
});

test('blocks what is denied, with who and why', async () => {
  const { bench, session } = await openHolding();
  const verdict = session.submit(UPDATE, waiting().options);
  (await firstAsked(bench)).answer({ kind: 'denied', by: 'dora', note: 'not on a Friday' });
  const refusal = await verdict;
  assert.ok(isRefusal(refusal) && refusal.kind === 'approval-denied');
  assert.is(isRefusal(refusal) && refusal.message, 'denied by dora: not on a Friday');
  assert.equal(typesOf(bench).slice(-2), ['approval.denied', 'decided:block']);
});

test('blocks when nobody answers in time, though the port never settles', async () => {
  const { bench, session } = await openHolding([demand({ expiresMs: 20 })]);
  const verdict = await session.submit(UPDATE, waiting().options);
  assert.ok(isRefusal(verdict) && verdict.kind === 'approval-expired');
  assert.ok(bench.asked[0]?.withdrawn());
  assert.equal(typesOf(bench).slice(-2), ['approval.expired', 'decided:block']);
});

test('blocks in time when the port does not even take the request', async () => {
  const { bench, session } = await openHolding([demand({ expiresMs: 20 })]);
  bench.ports.approvals.request = () => new Promise(() => {});
  assert.is(codeOf(await session.submit(UPDATE, waiting().options)), 'approval/expired');
});

test('never waits longer than its own limit', async () => {
  const { session } = await openHolding([demand({ expiresMs: 1e12 })], { maxHoldMs: 20 });
  assert.is(codeOf(await session.submit(UPDATE, waiting().options)), 'approval/expired');
});

test('withdraws the request when the client is gone', async () => {
  const { bench, session } = await openHolding();
  const waits = waiting();
  const verdict = session.submit(UPDATE, waits.options);
  const asked = await firstAsked(bench);
  await until(() => waits.notices.length === 1);
  waits.abort();
  assert.is(codeOf(await verdict), 'approval/cancelled');
  assert.ok(asked.withdrawn());
  assert.equal(typesOf(bench).slice(-2), ['approval.cancelled', 'decided:block']);
});

test('says how a held action ended before its session is closed', async () => {
  const { bench, session } = await openHolding();
  const waits = waiting();
  const verdict = session.submit(UPDATE, waits.options);
  await until(() => waits.notices.length === 1);
  await session.close('gone');
  assert.is(codeOf(await verdict), 'approval/cancelled');
  assert.equal(typesOf(bench).slice(-3), ['approval.cancelled', 'decided:block', 'session.closed']);
});

test('withdraws the request when the session is killed', async () => {
  const { bench, session, gate } = await openHolding();
  const verdict = session.submit(UPDATE, waiting().options);
  await firstAsked(bench);
  gate.endSession(session.id, refuse('blocked', 'session/killed', 'killed'));
  assert.ok(isRefusal(await verdict));
  assert.equal(bench.spent, []);
});

test('passes at once under a standing grant for exactly these bytes', async () => {
  const { bench, session } = await openHolding();
  const first = session.submit(UPDATE, waiting().options);
  const asked = await firstAsked(bench);
  bench.standing.push(asked.grant());
  approve(asked);
  await first;
  assert.is(codeOf(await session.submit(UPDATE, waiting().options)), 'passed');
  assert.is(bench.asked.length, 1);
});

const BENDINGS: readonly (readonly [string, Partial<Grant>])[] = [
  ['another subject', { subject: 'mallory' }],
  ['another actor chain', { actors: ['agent-7', 'agent-8'] }],
  ['no actor chain', { actors: [] }],
  ['another resource', { resource: 'payments' }],
  ['other bytes', { digest: `sha256:${'b'.repeat(64)}` }],
  ['another demand', { code: 'prod-read' }],
  ['another policy revision', { revision: `sha256:${'c'.repeat(64)}` }],
  ['a time that is over', { expiresAtMs: 1 }],
  ['no more use', { uses: 0 }],
  ['another scope', { scope: 'session' }],
  ['other approvers', { answers: demand({ approvers: { groups: ['interns'], subjects: [] } }) }],
  ['the requester as approver', { approvers: ['agent-7'] }],
  ['nobody as approver', { approvers: [] }],
];
for (const [what, bent] of BENDINGS) {
  test(`does not accept a grant for ${what}`, async () => {
    const { bench, session } = await openHolding([demand()], { maxApprovalRounds: 1 });
    const verdict = session.submit(UPDATE, waiting().options);
    approve(await firstAsked(bench), bent);
    assert.is(codeOf(await verdict), 'approval/stale');
    assert.equal(bench.spent, []);
  });
}

test('does not accept a session grant of another session', async () => {
  const { bench, session } = await openHolding([demand({ scope: 'session' })], {
    maxApprovalRounds: 1,
  });
  const verdict = session.submit(UPDATE, waiting().options);
  approve(await firstAsked(bench), { sessionId: 'another' });
  assert.is(codeOf(await verdict), 'approval/stale');
});

test('lets a session grant hold for other bytes of the same session', async () => {
  const { bench, session } = await openHolding([demand({ scope: 'session' })]);
  const verdict = session.submit(UPDATE, waiting().options);
  const asked = await firstAsked(bench);
  bench.standing.push(asked.grant({ uses: 10 }));
  approve(asked, { uses: 10 });
  assert.is(codeOf(await verdict), 'passed');
  const other = sqlAction('update t set a = 2', { class: 'write' });
  assert.is(codeOf(await session.submit(other, waiting().options)), 'passed');
  assert.is(bench.asked.length, 1);
});

test('needs a quorum of different people', async () => {
  const { bench, session } = await openHolding([demand({ quorum: 2 })], { maxApprovalRounds: 1 });
  const verdict = session.submit(UPDATE, waiting().options);
  approve(await firstAsked(bench), { approvers: ['dora', 'dora'] });
  assert.is(codeOf(await verdict), 'approval/stale');
});

test('wants a grant of its own for each demand', async () => {
  const { bench, session } = await openHolding([demand(), demand({ code: 'big' })]);
  const verdict = session.submit(UPDATE, waiting().options);
  await firstAsked(bench, 1);
  for (const asked of bench.asked) approve(asked);
  assert.is(codeOf(await verdict), 'passed');
  assert.is(bench.spent.length, 2);
});

test('withdraws the other requests when one is denied', async () => {
  const { bench, session } = await openHolding([demand(), demand({ code: 'big' })]);
  const verdict = session.submit(UPDATE, waiting().options);
  const second = await firstAsked(bench, 1);
  bench.asked[0]?.answer({ kind: 'denied', by: 'dora', note: undefined });
  assert.is(codeOf(await verdict), 'approval/denied');
  assert.ok(second.withdrawn());
});

test('blocks when the grant no longer holds at execution', async () => {
  const { bench, session } = await openHolding();
  bench.spendAnswer = false;
  const verdict = session.submit(UPDATE, waiting().options);
  approve(await firstAsked(bench));
  assert.is(codeOf(await verdict), 'approval/spent');
  assert.is(typesOf(bench).at(-1), 'decided:block');
});

test('decides again after approval: a policy that now blocks wins', async () => {
  const { bench, session } = await openHolding();
  const verdict = session.submit(UPDATE, waiting().options);
  const asked = await firstAsked(bench);
  const reasons = [{ code: 'freeze', reason: 'change freeze', rule: undefined }];
  bench.decide = () => decision({ effect: 'block', reasons });
  approve(asked);
  assert.is(codeOf(await verdict), 'freeze');
  assert.equal(bench.spent, []);
});

test('asks again when the policy was reloaded while it waited, and shows it the grants', async () => {
  const { bench, session } = await openHolding();
  const verdict = session.submit(UPDATE, waiting().options);
  const asked = await firstAsked(bench);
  const revision = `sha256:${'d'.repeat(64)}`;
  let grantsSeen: readonly string[] = [];
  bench.decide = (input) => {
    grantsSeen = input.context.grants.map((grant) => grant.id);
    return decision({ effect: 'require_approval', approvals: [demand()], revision });
  };
  approve(asked);
  const again = await firstAsked(bench, 1);
  assert.equal(grantsSeen, [asked.id]);
  assert.is(again.request.revision, revision);
  approve(again);
  assert.is(codeOf(await verdict), 'passed');
  assert.equal(bench.spent, [again.id]);
});

test('blocks when the approvals port fails', async () => {
  const { bench, session } = await openHolding();
  bench.ports.approvals.request = () => Promise.reject(new Error('store down'));
  assert.is(codeOf(await session.submit(UPDATE, waiting().options)), 'gate/fault');
  assert.is(typesOf(bench).at(-1), 'decided:block');
});

test('passes on why the approvals port takes no request, and records it as a block', async () => {
  const { bench, session } = await openHolding();
  bench.ports.approvals.request = async () =>
    refuse('limit', 'limit/pending-approvals', 'too many are open');
  const verdict = await session.submit(UPDATE, waiting().options);
  assert.is(codeOf(verdict), 'limit/pending-approvals');
  assert.is(typesOf(bench).at(-1), 'decided:block');
  assert.not.ok(typesOf(bench).includes('approval.requested'));
});

test('blocks when telling the client that it waits fails', async () => {
  const { session } = await openHolding();
  const signal = new AbortController().signal;
  const onHold = (): never => {
    throw new Error('socket gone');
  };
  assert.is(codeOf(await session.submit(UPDATE, { onHold, signal })), 'gate/fault');
});

test('holds no more actions than its limit', async () => {
  const { bench, session } = await openHolding([demand()], { maxHeldActions: 1 });
  const waits = waiting();
  const first = session.submit(UPDATE, waits.options);
  await firstAsked(bench);
  assert.is(codeOf(await session.submit(UPDATE, waiting().options)), 'limit/held-actions');
  waits.abort();
  await first;
  const third = session.submit(UPDATE, waiting().options);
  approve(await firstAsked(bench, 1));
  assert.is(codeOf(await third), 'passed');
});

test.run();
