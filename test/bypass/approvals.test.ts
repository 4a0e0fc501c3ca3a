/**
 * Ways to a yes that is not two people's, or is one's own. The list only grows; a case is never weakened.
 */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createApprovalDesk } from '../../control/approvals/desk.ts';
import type { ApprovalDesk } from '../../control/approvals/desk-contract.ts';
import { openSqliteStore } from '../../control/store/sqlite/sqlite-store.ts';
import type { Store } from '../../control/store/store.ts';
import type { ApprovalDemand } from '../../engine/contract/decision.ts';
import type { IdentityInput } from '../../engine/contract/input.ts';
import type { PendingApproval } from '../../proxy/gate/ports.ts';
import { isRefusal } from '../../proxy/gate/refusal.ts';
import {
  agentIdentity,
  exampleApproval,
  exampleIdentity,
} from '../control/store/example-approval.ts';

const test = suite('bypass/approvals');

const EMAILS: Readonly<Record<string, string>> = {
  dora: 'dora@example.com',
  'dora-admin': 'Dora@Example.com',
  egon: 'egon@example.com',
};
const START_MS = 1_000_000;
const time = { nowMs: START_MS };
let store: Store;
let desk: ApprovalDesk;

test.before.each(() => {
  time.nowMs = START_MS;
  let ids = 0;
  store = openSqliteStore(':memory:');
  desk = createApprovalDesk({
    store,
    clock: { nowNs: () => BigInt(time.nowMs) * 1_000_000n },
    newId: () => {
      ids += 1;
      return `id${ids}`;
    },
    maxPendingPerIdentity: 9,
    gateway: 'gateway-1',
    journal: () => Promise.resolve(),
    emailOf: (subject) => EMAILS[subject],
  });
});
test.after.each(() => store.close());

const person = (subject: string, more: Partial<IdentityInput> = {}): IdentityInput =>
  exampleIdentity({
    subject,
    name: subject,
    groups: ['dba'],
    ...(EMAILS[subject] === undefined ? {} : { email: EMAILS[subject] }),
    ...more,
  });

const ask = async (
  demand: Partial<ApprovalDemand> = {},
  identity: IdentityInput = agentIdentity,
): Promise<PendingApproval> => {
  const { text, digest, demand: plain, revision } = exampleApproval();
  const asked = await desk.request({
    sessionId: 's1',
    identity,
    resource: { name: 'shop', type: 'postgres', labels: {} },
    text,
    digest,
    demand: { ...plain, ...demand },
    revision,
    reason: undefined,
    decidedAtMs: time.nowMs,
    evidence: {},
  });
  if (isRefusal(asked)) throw new Error(asked.message);
  return asked;
};

const told = (outcome: unknown): string =>
  isRefusal(outcome) ? outcome.code : (outcome as { readonly state: string }).state;

test('two subjects of one person are one of two people', async () => {
  const { id } = await ask({ quorum: 2 });
  assert.is(told(await desk.answer(id, person('dora'), 'approve', undefined)), 'pending');
  assert.is(
    told(await desk.answer(id, person('dora-admin'), 'approve', undefined)),
    'approval/answered-before',
  );
  assert.is(told(await desk.answer(id, person('egon'), 'approve', undefined)), 'granted');
});

test('two subjects of one person are one of two people when they answer at once', async () => {
  const { id } = await ask({ quorum: 2 });
  await Promise.all(
    ['dora', 'dora-admin'].map((subject) => desk.answer(id, person(subject), 'approve', undefined)),
  );
  assert.is((await store.findApproval(id))?.state, 'pending');
});

test('of a yes and a no at once exactly one counts, and a no leaves no grant', async () => {
  for (let round = 0; round < 20; round += 1) {
    const { id } = await ask();
    await Promise.all([
      desk.answer(id, person('dora'), 'deny', undefined),
      desk.answer(id, person('egon'), 'approve', undefined),
    ]);
    const state = (await store.findApproval(id))?.state;
    assert.ok(state === 'denied' || state === 'granted');
    assert.is((await store.findGrantOf(id)) !== undefined, state === 'granted');
    await desk.revoke(id, person('dora'));
  }
});

for (const [who, approver] of [
  [
    'the requester by another subject with the same address',
    person('x', { email: 'MARIA@example.com' }),
  ],
  ['the owner of the agent', person('olga')],
  ['whom the agent acts for', person('maria')],
  ['another agent', person('bot', { kind: 'agent' })],
  ['a service', person('cron', { kind: 'service' })],
  ['a person through an agent', person('dora', { on_behalf_of: person('egon') })],
] as const) {
  test(`no yes comes from ${who}`, async () => {
    const maria = exampleIdentity({ subject: 'maria', email: 'maria@example.com' });
    const { id } = await ask({}, { ...agentIdentity, on_behalf_of: maria });
    const answer = await desk.answer(id, approver, 'approve', undefined);
    assert.ok(isRefusal(answer));
    assert.is((await store.findApproval(id))?.state, 'pending');
  });
}

test('a grant is used once, however many ask at once, and not after it was taken back or ran out', async () => {
  const spend = async (): Promise<number> => {
    const { id } = await ask({ expiresMs: 60_000 });
    await desk.answer(id, person('dora'), 'approve', undefined);
    const grant = await store.findGrantOf(id);
    if (grant === undefined) throw new Error('no grant');
    if (mode === 'revoked') await desk.revoke(id, person('egon'));
    if (mode === 'expired') time.nowMs = grant.expiresAtMs;
    const spent = await Promise.all(Array.from({ length: 8 }, () => desk.spend(grant.id)));
    return spent.filter(Boolean).length;
  };
  let mode: 'plain' | 'revoked' | 'expired' = 'plain';
  assert.is(await spend(), 1);
  mode = 'revoked';
  assert.is(await spend(), 0);
  mode = 'expired';
  assert.is(await spend(), 0);
});

test('a yes that comes at the moment of expiry comes too late', async () => {
  const { id } = await ask({ expiresMs: 1_000 });
  time.nowMs += 1_000;
  assert.is(told(await desk.answer(id, person('dora'), 'approve', undefined)), 'approval/closed');
  assert.is(await store.findGrantOf(id), undefined);
});

test.run();
