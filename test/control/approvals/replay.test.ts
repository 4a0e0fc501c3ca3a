/**
 * Every step of a request is in the journal before it counts, and the journal alone tells its state.
 */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createApprovalDesk } from '../../../control/approvals/desk.ts';
import { replayApprovals } from '../../../control/approvals/replay.ts';
import { openSqliteStore } from '../../../control/store/sqlite/sqlite-store.ts';
import type { JournalEntry } from '../../../proxy/gate/record.ts';
import { isRefusal } from '../../../proxy/gate/refusal.ts';
import { exampleApproval, exampleIdentity } from '../store/example-approval.ts';

const replay = suite('control/approvals/replay');

function bench() {
  const entries: JournalEntry[] = [];
  const journal = { fails: false };
  const store = openSqliteStore(':memory:');
  let ids = 0;
  const desk = createApprovalDesk({
    store,
    clock: { nowNs: () => 1_000_000_000_000n },
    newId: () => {
      ids += 1;
      return `id${ids}`;
    },
    maxPendingPerIdentity: 9,
    emailOf: () => undefined,
    gateway: 'gateway-1',
    journal: (entry) => {
      if (journal.fails) return Promise.reject(new Error('the disk is full'));
      entries.push(entry);
      return Promise.resolve();
    },
  });
  const ask = async (quorum: number) => {
    const { identity, text, digest, demand, revision } = exampleApproval();
    const asked = await desk.request({
      sessionId: 's1',
      identity,
      resource: { name: 'shop', type: 'postgres', labels: {} },
      text,
      digest,
      demand: { ...demand, quorum },
      revision,
      reason: 'ticket 7',
      decidedAtMs: 1_000_000,
      evidence: {},
    });
    if (isRefusal(asked)) throw new Error(asked.message);
    return asked.id;
  };
  return { entries, journal, store, desk, ask };
}

const person = (subject: string) => exampleIdentity({ subject, groups: ['dba'] });

replay('the journal tells the state of every request, revoked ones too', async () => {
  const { entries, store, desk, ask } = bench();
  const [granted, denied, withdrawn, open] = [
    await ask(2),
    await ask(1),
    await ask(1),
    await ask(2),
  ];
  await desk.answer(granted, person('dora'), 'approve', undefined);
  await desk.answer(granted, person('egon'), 'approve', undefined);
  await desk.revoke(granted, person('dora'), 'too much');
  await desk.answer(denied, person('dora'), 'deny', 'no');
  await desk.withdraw(withdrawn, person('maria'), undefined);
  await desk.answer(open, person('dora'), 'approve', undefined);
  const { approvals, faults } = replayApprovals(entries);
  assert.equal(faults, []);
  for (const [id, state] of [
    [granted, 'revoked'],
    [denied, 'denied'],
    [withdrawn, 'cancelled'],
    [open, 'pending'],
  ] as const) {
    assert.is(approvals.get(id)?.state, state);
    assert.is((await store.findApproval(id))?.state, state);
  }
  assert.equal(
    approvals.get(granted)?.steps.map(({ step, by }) => [step, by?.subject]),
    [
      ['request', undefined],
      ['answer', 'dora'],
      ['approve', 'egon'],
      ['revoke', 'dora'],
    ],
  );
  desk.close();
  await store.close();
});

replay('a step that was left out, added or moved is a fault', async () => {
  const { entries, store, desk, ask } = bench();
  const id = await ask(1);
  await desk.answer(id, person('dora'), 'approve', undefined);
  await desk.revoke(id, person('dora'));
  const [request, approve, revoke] = entries;
  if (request === undefined || approve === undefined || revoke === undefined) throw new Error();
  assert.is(replayApprovals([request, revoke]).faults.length, 1);
  assert.is(replayApprovals([request, approve, approve]).faults.length, 1);
  assert.is(replayApprovals([approve, request]).faults.length, 1);
  desk.close();
  await store.close();
});

replay('a step that cannot be written down is not taken', async () => {
  const { journal, store, desk, ask } = bench();
  const id = await ask(1);
  journal.fails = true;
  for (const attempt of [
    () => desk.answer(id, person('dora'), 'approve', undefined),
    () => desk.answer(id, person('dora'), 'deny', undefined),
    () => desk.withdraw(id, person('maria'), undefined),
  ])
    assert.is(
      await attempt().then(
        () => 'done',
        () => 'failed',
      ),
      'failed',
    );
  assert.is((await store.findApproval(id))?.state, 'pending');
  assert.equal(await store.listAnswers([id]), []);
  assert.is(await store.findGrantOf(id), undefined);
  desk.close();
  await store.close();
});

replay.run();
