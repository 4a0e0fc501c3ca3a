/**
 * Approval in the hands of the right people: who may answer, how many, for what, and for how long.
 */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createApprovalDesk } from '../../../control/approvals/desk.ts';
import type { ApprovalDesk } from '../../../control/approvals/desk-contract.ts';
import { openSqliteStore } from '../../../control/store/sqlite/sqlite-store.ts';
import type { Store } from '../../../control/store/store.ts';
import type { ApprovalDemand } from '../../../engine/contract/decision.ts';
import type { IdentityInput } from '../../../engine/contract/input.ts';
import type { ApprovalRequest, PendingApproval } from '../../../proxy/gate/ports.ts';
import { isRefusal } from '../../../proxy/gate/refusal.ts';
import { agentIdentity, exampleApproval, exampleIdentity } from '../store/example-approval.ts';

interface Context {
  store: Store;
  desk: ApprovalDesk;
  time: { nowMs: number };
}

const START_MS = 1_000_000;

const approvals = suite<Context>('control/approvals/desk');

approvals.before.each((context) => {
  const time = { nowMs: START_MS };
  let ids = 0;
  context.time = time;
  context.store = openSqliteStore(':memory:');
  context.desk = createApprovalDesk({
    store: context.store,
    clock: { nowNs: () => BigInt(time.nowMs) * 1_000_000n },
    newId: () => {
      ids += 1;
      return `id${ids}`;
    },
    maxPendingPerIdentity: 3,
    gateway: 'gateway-1',
    journal: () => Promise.resolve(),
    emailOf: (subject) => (subject.startsWith('twin') ? 'Twin@example.com' : undefined),
  });
});
approvals.after.each(async (context) => {
  await context.store.close();
});

const person = (subject: string, more: Partial<IdentityInput> = {}): IdentityInput =>
  exampleIdentity({ subject, name: subject, groups: ['dba'], ...more });
const dba = person('dba');

function request(demand: Partial<ApprovalDemand> = {}): ApprovalRequest {
  const example = exampleApproval();
  return {
    sessionId: 's1',
    identity: agentIdentity,
    resource: { name: 'shop', type: 'postgres', labels: {} },
    text: example.text,
    digest: example.digest,
    demand: { ...example.demand, ...demand },
    revision: example.revision,
    reason: undefined,
    decidedAtMs: START_MS,
    evidence: {},
  };
}

async function ask(desk: ApprovalDesk, wanted: ApprovalRequest): Promise<PendingApproval> {
  const asked = await desk.request(wanted);
  if (isRefusal(asked)) throw new Error(asked.message);
  return asked;
}

async function codeOf(outcome: Promise<unknown>): Promise<string> {
  const value = await outcome;
  return isRefusal(value) ? value.code : 'accepted';
}

const never = new AbortController().signal;

approvals('a yes from an approver grants exactly what was asked', async ({ desk, time }) => {
  const asked = await ask(desk, request());
  const waiting = asked.wait(never);
  const view = await desk.answer(asked.id, dba, 'approve', 'fine');
  assert.not(isRefusal(view));
  const outcome = await waiting;
  assert.is(outcome.kind, 'granted');
  if (outcome.kind !== 'granted') return;
  const { grant } = outcome;
  assert.is(grant.subject, 'agent');
  assert.equal(grant.actors, ['agent', 'maria']);
  assert.is(grant.resource, 'shop');
  assert.is(grant.digest, 'sha256:aa');
  assert.is(grant.revision, 'sha256:bb');
  assert.is(grant.uses, 1);
  assert.equal(grant.approvers, ['dba']);
  assert.is(grant.expiresAtMs, time.nowMs + 60_000);
  assert.is(desk.waiting, 0);
});

approvals('a statement grant is used once', async ({ desk }) => {
  const asked = await ask(desk, request());
  await desk.answer(asked.id, dba, 'approve', undefined);
  const [grant] = await desk.grants({ ...agentIdentity, resource: 'shop', sessionId: 's1' });
  assert.is(await desk.spend(grant?.id ?? ''), true);
  assert.is(await desk.spend(grant?.id ?? ''), false);
  assert.equal(await desk.grants({ ...agentIdentity, resource: 'shop', sessionId: 's1' }), []);
});

approvals('a no ends the request, with the note', async ({ desk }) => {
  const asked = await ask(desk, request({ quorum: 2 }));
  const waiting = asked.wait(never);
  await desk.answer(asked.id, dba, 'approve', undefined);
  await desk.answer(asked.id, person('dba2'), 'deny', 'not today');
  assert.equal(await waiting, { kind: 'denied', by: 'dba2', note: 'not today' });
  assert.is(
    await codeOf(desk.answer(asked.id, person('dba3'), 'approve', undefined)),
    'approval/closed',
  );
});

approvals('two approvals are two people', async ({ desk }) => {
  const asked = await ask(desk, request({ quorum: 2 }));
  const first = await desk.answer(asked.id, dba, 'approve', undefined);
  assert.is(isRefusal(first) ? -1 : first.missing, 1);
  assert.is(
    await codeOf(desk.answer(asked.id, dba, 'approve', undefined)),
    'approval/answered-before',
  );
  const second = await desk.answer(asked.id, person('dba2'), 'approve', undefined);
  assert.is(isRefusal(second) ? '' : second.state, 'granted');
  assert.equal(isRefusal(second) ? [] : second.grant?.approvers, ['dba', 'dba2']);
});

approvals('two people who answer at once make one grant', async ({ desk }) => {
  const asked = await ask(desk, request());
  const waiting = asked.wait(never);
  await Promise.all([
    desk.answer(asked.id, dba, 'approve', undefined),
    desk.answer(asked.id, person('dba2'), 'approve', undefined),
  ]);
  assert.is((await waiting).kind, 'granted');
  assert.is((await desk.grants({ ...agentIdentity, resource: 'shop', sessionId: 's1' })).length, 1);
});

approvals('nobody who has a part in a request can answer it', async ({ desk }) => {
  const asked = await ask(desk, request());
  const involved: [string, IdentityInput, string][] = [
    ['the agent itself', { ...agentIdentity, groups: ['dba'] }, 'approval/not-a-person'],
    ['whom it acts for', person('maria'), 'approval/own-request'],
    ['its owner', person('olga'), 'approval/own-request'],
    ['another agent', person('robot', { kind: 'agent' }), 'approval/not-found'],
    ['a service', person('cron', { kind: 'service' }), 'approval/not-found'],
    [
      'an agent that acts for an approver',
      person('x', { on_behalf_of: dba }),
      'approval/not-found',
    ],
    ['somebody outside the group', person('eve', { groups: [] }), 'approval/not-found'],
  ];
  for (const [who, identity, code] of involved)
    assert.is(await codeOf(desk.answer(asked.id, identity, 'approve', undefined)), code, who);
});

approvals('the same person under another subject is known by the address', async ({ desk }) => {
  const identity = person('pat', { email: 'pat@example.com' });
  const asked = await ask(desk, { ...request(), identity });
  const twin = person('pat-admin', { email: 'Pat@Example.com' });
  assert.is(
    await codeOf(desk.answer(asked.id, twin, 'approve', undefined)),
    'approval/own-request',
  );
});

approvals('a demand that names nobody can be met by nobody', async ({ desk }) => {
  const asked = await ask(desk, request({ approvers: { groups: [], subjects: [] } }));
  assert.is(await codeOf(desk.answer(asked.id, dba, 'approve', undefined)), 'approval/not-found');
});

approvals('an approver may be named by subject', async ({ desk }) => {
  const asked = await ask(desk, request({ approvers: { groups: [], subjects: ['sam'] } }));
  assert.is(
    await codeOf(desk.answer(asked.id, person('sam', { groups: [] }), 'approve', undefined)),
    'accepted',
  );
});

approvals('a request that is past its time cannot be approved', async ({ desk, time }) => {
  const asked = await ask(desk, request());
  const waiting = asked.wait(never);
  time.nowMs += 60_000;
  assert.is(await codeOf(desk.answer(asked.id, dba, 'approve', undefined)), 'approval/closed');
  assert.equal(await waiting, { kind: 'expired' });
});

approvals('a request expires by itself', async ({ desk, time }) => {
  const asked = await ask(desk, request({ expiresMs: 5 }));
  time.nowMs += 5;
  // The timer does not keep a process alive; the test has to.
  const alive = setInterval(() => undefined, 1000);
  assert.equal(await asked.wait(never), { kind: 'expired' });
  clearInterval(alive);
});

approvals('a request is withdrawn when nobody waits any more', async ({ desk }) => {
  const asked = await ask(desk, request());
  const gone = new AbortController();
  const waiting = asked.wait(gone.signal);
  gone.abort();
  assert.equal(await waiting, { kind: 'cancelled' });
  assert.is(await codeOf(desk.answer(asked.id, dba, 'approve', undefined)), 'approval/closed');
  const late = await ask(desk, request());
  assert.equal(await late.wait(gone.signal), { kind: 'cancelled' });
});

approvals('a session grant may be used again, until it is revoked', async ({ desk }) => {
  const asked = await ask(desk, request({ scope: 'session' }));
  const view = await desk.answer(asked.id, dba, 'approve', undefined);
  const id = isRefusal(view) ? '' : (view.grant?.id ?? '');
  assert.is(await desk.spend(id), true);
  assert.is(await desk.spend(id), true);
  assert.is(await codeOf(desk.revoke(asked.id, person('maria'))), 'approval/own-request');
  assert.is(await codeOf(desk.revoke(asked.id, dba)), 'accepted');
  assert.is(await desk.spend(id), false);
  assert.is(await codeOf(desk.revoke(asked.id, dba)), 'approval/closed');
});

approvals('requests are seen by those involved and those who may answer', async ({ desk }) => {
  const asked = await ask(desk, request());
  const seenBy = async (viewer: IdentityInput) =>
    (await desk.list(viewer, ['pending'])).map((each) => each.id);
  for (const viewer of [dba, agentIdentity, person('maria', { groups: [] }), person('olga')])
    assert.equal(await seenBy(viewer), [asked.id], viewer.subject);
  assert.equal(await seenBy(person('eve', { groups: [] })), []);
  assert.is(await codeOf(desk.find(asked.id, person('eve', { groups: [] }))), 'approval/not-found');
  assert.is(await codeOf(desk.find('none', dba)), 'approval/not-found');
});

approvals('one identity cannot flood the approvers', async ({ desk }) => {
  for (let count = 0; count < 3; count += 1) await ask(desk, request());
  const refused = await desk.request(request());
  assert.is(isRefusal(refused) ? refused.code : 'asked', 'limit/pending-approvals');
  assert.is(isRefusal(refused) && refused.kind, 'limit');
  assert.is(desk.waiting, 3);
});

approvals('what an earlier process left pending is withdrawn', async ({ desk, store }) => {
  await store.insertApproval(exampleApproval({ id: 'old' }));
  const asked = await ask(desk, request());
  assert.is(await desk.withdrawAbandoned(), 1);
  assert.is((await store.findApproval('old'))?.state, 'cancelled');
  assert.is((await store.findApproval(asked.id))?.state, 'pending');
});

approvals.run();
