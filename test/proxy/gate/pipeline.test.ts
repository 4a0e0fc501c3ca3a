import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ProxyError } from '../../../proxy/error.ts';
import type { GateSession } from '../../../proxy/gate/gate.ts';
import { createGate } from '../../../proxy/gate/pipeline.ts';
import { isRefusal, refuse } from '../../../proxy/gate/refusal.ts';
import type { Verdict } from '../../../proxy/gate/verdict.ts';
import {
  ARRIVAL,
  type Bench,
  decision,
  identity,
  makeBench,
  sqlAction,
  TARGET,
  waiting,
} from '../../support/gate-ports.ts';

const test = suite('proxy/gate/pipeline');

async function openSession(
  bench: Bench,
  options: Parameters<typeof createGate>[1] = {},
): Promise<{ gate: ReturnType<typeof createGate>; session: GateSession }> {
  const gate = createGate(bench.ports, options);
  const session = await gate.open(ARRIVAL);
  if (isRefusal(session)) throw new Error(`refused: ${session.code}`);
  return { gate, session };
}

function codeOf(value: Verdict | GateSession): string {
  return isRefusal(value) ? value.code : 'passed';
}

test('records the session before it hands it out', async () => {
  const bench = makeBench();
  const { gate, session } = await openSession(bench);
  assert.is(bench.entries[0]?.entry.type, 'session.opened');
  assert.is(gate.sessions.get(session.id), session);
  assert.is(session.permit.identity.subject, 'agent-7');
  await session.close('bye');
  assert.is(gate.sessions.size, 0);
});

test('refuses and records a connection whose credential nobody knows', async () => {
  const bench = makeBench();
  bench.identity = refuse('unauthenticated', 'identity/unknown', 'nobody holds this token');
  const gate = createGate(bench.ports);
  assert.is(codeOf((await gate.open(ARRIVAL)) as GateSession), 'identity/unknown');
  const [only] = bench.entries;
  assert.is(only?.entry.type === 'session.refused' && only.entry.code, 'identity/unknown');
});

test('tells a stranger nothing about which resources exist', async () => {
  const bench = makeBench();
  bench.identity = refuse('unauthenticated', 'identity/unknown', 'nobody holds this token');
  const gate = createGate(bench.ports);
  const refusal = await gate.open({ ...ARRIVAL, resource: 'no-such' });
  assert.is(codeOf(refusal as GateSession), 'identity/unknown');
});

test('refuses a resource that is not configured', async () => {
  const gate = createGate(makeBench().ports);
  const refusal = await gate.open({ ...ARRIVAL, resource: 'no-such' });
  assert.is(codeOf(refusal as GateSession), 'resource/unknown');
});

for (const expires_at of ['2026-01-01T00:00:00Z', 'soon', '']) {
  test(`refuses a credential that expires at \`${expires_at}\``, async () => {
    const bench = makeBench();
    bench.identity = identity({ credential: { ...identity().credential, expires_at } });
    const refusal = await createGate(bench.ports).open(ARRIVAL);
    assert.is(codeOf(refusal as GateSession), 'identity/expired');
  });
}

test('treats an identity port that throws as a refusal', async () => {
  const bench = makeBench();
  const ports = {
    ...bench.ports,
    identities: { identify: () => Promise.reject(new Error('directory down')) },
  };
  const refusal = await createGate(ports).open(ARRIVAL);
  assert.is(codeOf(refusal as GateSession), 'gate/fault');
});

test('admits to the configured database and to no other', async () => {
  const gate = createGate(makeBench().ports);
  const session = await gate.open({ ...ARRIVAL, database: 'shop' });
  if (isRefusal(session)) throw new Error('refused');
  assert.is(session.permit.target, TARGET);
  const refusal = await gate.open({ ...ARRIVAL, database: 'archive' });
  assert.is(codeOf(refusal as GateSession), 'resource/database');
});

test('admits no more sessions than its limit', async () => {
  const bench = makeBench();
  const { gate, session } = await openSession(bench, { limits: { maxSessions: 1 } });
  assert.is(codeOf((await gate.open(ARRIVAL)) as GateSession), 'limit/sessions');
  await session.close('bye');
  assert.not(isRefusal(await gate.open(ARRIVAL)));
});

test('shows the policy who, where, what and when', async () => {
  const bench = makeBench();
  const { session } = await openSession(bench);
  let seen: unknown;
  bench.decide = (input) => {
    seen = { ...input, action: undefined, identity: undefined };
    return decision();
  };
  await session.submit(sqlAction('select 1'), waiting().options);
  assert.equal(seen, {
    identity: undefined,
    action: undefined,
    resource: { name: 'orders', type: 'postgres', labels: { env: 'prod' }, database: 'shop' },
    session: {
      id: session.id,
      started_at: '2026-11-21T09:44:25.123456789Z',
      client: ARRIVAL.client,
      actions: 0,
      rows: 0,
    },
    context: {
      now_ns: 1_795_254_265_123_456_789n,
      time: '2026-11-21T09:44:25.123456789Z',
      weekday: 'Saturday',
      hour: 9,
      grants: [],
    },
  });
});

test('counts actions and rows of the session for the next decision', async () => {
  const bench = makeBench();
  const { session } = await openSession(bench);
  const seen: number[][] = [];
  bench.decide = (input) => {
    seen.push([input.session.actions, input.session.rows]);
    return decision();
  };
  const outcome = { status: 'ok' as const, detail: '', rows: 7, bytes: 0, masked: {} };
  for (const text of ['a', 'b']) {
    const verdict = await session.submit(sqlAction(text), waiting().options);
    if (!isRefusal(verdict)) await session.finish(verdict.action, outcome);
  }
  assert.equal(seen, [
    [0, 0],
    [1, 7],
  ]);
});

for (const [actionClass, durability] of [
  ['read', 'written'],
  ['session', 'written'],
  ['write', 'synced'],
  ['ddl', 'synced'],
  ['privilege', 'synced'],
  ['admin', 'synced'],
  ['unknown', 'synced'],
] as const) {
  test(`passes an action of class ${actionClass} when its record is ${durability}`, async () => {
    const bench = makeBench();
    const { session } = await openSession(bench);
    const verdict = await session.submit(sqlAction('x', { class: actionClass }), waiting().options);
    assert.not(isRefusal(verdict));
    const last = bench.entries.at(-1);
    assert.is(last?.entry.type === 'action.decided' && last.entry.verdict, 'allow');
    assert.is(last?.durability, durability);
  });
}

test('blocks with every reason of the policy, and records that', async () => {
  const bench = makeBench();
  const { session } = await openSession(bench);
  const reasons = [
    { code: 'agent-ddl', reason: 'agents do not change schemas', rule: undefined },
    { code: 'night', reason: 'nobody does at night', rule: undefined },
  ];
  bench.decide = () => decision({ effect: 'block', reasons });
  const verdict = await session.submit(sqlAction('drop table t'), waiting().options);
  assert.ok(isRefusal(verdict));
  assert.is(isRefusal(verdict) && verdict.kind, 'blocked');
  assert.is(codeOf(verdict), 'agent-ddl');
  assert.equal(isRefusal(verdict) && verdict.reasons, reasons);
  const last = bench.entries.at(-1)?.entry;
  assert.is(last?.type === 'action.decided' && last.verdict, 'block');
});

for (const [what, decide] of [
  [
    'throws',
    (): never => {
      throw new Error('bug');
    },
  ],
  ['gives an effect nobody knows', () => decision({ effect: 'maybe' as 'allow' })],
  ['demands approval of nobody', () => decision({ effect: 'require_approval' })],
] as const) {
  test(`blocks when the decision port ${what}`, async () => {
    const bench = makeBench();
    const { session } = await openSession(bench);
    bench.decide = decide;
    const verdict = await session.submit(sqlAction('select 1'), waiting().options);
    assert.ok(isRefusal(verdict));
    const last = bench.entries.at(-1)?.entry;
    assert.is(last?.type === 'action.decided' && last.verdict, 'block');
  });
}

test('stops altogether when the journal cannot be written', async () => {
  const bench = makeBench();
  const { gate, session } = await openSession(bench);
  const other = await gate.open(ARRIVAL);
  if (isRefusal(other)) throw new Error('refused');
  bench.journalFails = new ProxyError('journal/unavailable', 'no space left on device');
  assert.is(
    codeOf(await session.submit(sqlAction('select 1'), waiting().options)),
    'journal/unavailable',
  );
  assert.ok(session.ended.aborted);
  assert.ok(isRefusal(other.ended.reason) && other.ended.reason.code === 'journal/unavailable');
  bench.journalFails = undefined;
  assert.is(
    codeOf(await other.submit(sqlAction('select 2'), waiting().options)),
    'journal/unavailable',
  );
  assert.is(codeOf((await gate.open(ARRIVAL)) as GateSession), 'journal/unavailable');
  assert.is(gate.stopped?.code, 'journal/unavailable');
});

test('blocks one action, not the gate, when a record is too large', async () => {
  const bench = makeBench();
  const { gate, session } = await openSession(bench);
  bench.journalFails = new ProxyError('limit/exceeded', 'record of 9 MiB');
  assert.is(codeOf(await session.submit(sqlAction('select 1'), waiting().options)), 'limit/record');
  assert.is(gate.stopped, undefined);
  bench.journalFails = undefined;
  assert.is(codeOf(await session.submit(sqlAction('select 1'), waiting().options)), 'passed');
});

test('keeps a long text out of the record and says so', async () => {
  const bench = makeBench();
  const { session } = await openSession(bench);
  await session.submit(sqlAction('x'.repeat(200_000)), waiting().options);
  const last = bench.entries.at(-1)?.entry;
  if (last?.type !== 'action.decided') throw new Error('not recorded');
  assert.is(last.truncated, true);
  assert.ok((last.input.text ?? '').length < 66_000);
});

test('decides on the whole text even when the record is shortened', async () => {
  const bench = makeBench();
  const { session } = await openSession(bench);
  let length = 0;
  bench.decide = (input) => {
    length = input.action.text?.length ?? 0;
    return decision();
  };
  await session.submit(sqlAction('x'.repeat(200_000)), waiting().options);
  assert.is(length, 200_000);
});

test('ends a session whose credential expires', async () => {
  const bench = makeBench();
  const { session } = await openSession(bench);
  bench.nowNs = BigInt(Date.parse('2027-01-01T00:00:00Z')) * 1_000_000n;
  assert.is(
    codeOf(await session.submit(sqlAction('select 1'), waiting().options)),
    'identity/expired',
  );
  assert.ok(session.ended.aborted);
});

test('refuses what is submitted after close, and records the close once', async () => {
  const bench = makeBench();
  const { session } = await openSession(bench);
  await Promise.all([session.close('bye'), session.close('again')]);
  assert.is(
    codeOf(await session.submit(sqlAction('select 1'), waiting().options)),
    'session/closed',
  );
  const closes = bench.entries.filter((each) => each.entry.type === 'session.closed');
  assert.is(closes.length, 1);
  assert.is(closes[0]?.entry.type === 'session.closed' && closes[0].entry.cause, 'bye');
});

test('records an unfinished action as aborted when its session closes', async () => {
  const bench = makeBench();
  const { session } = await openSession(bench);
  const verdict = await session.submit(sqlAction('select 1'), waiting().options);
  assert.not(isRefusal(verdict));
  await session.close('gone');
  const finishes = bench.entries.flatMap(({ entry }) =>
    entry.type === 'action.finished' ? [entry.outcome.status] : [],
  );
  assert.equal(finishes, ['aborted']);
});

test('does not pass an action that was cancelled while it was recorded', async () => {
  const bench = makeBench();
  const { session } = await openSession(bench);
  const waits = waiting();
  const append = bench.ports.journal.append;
  const verdict = session.submit(sqlAction('select 1'), waits.options);
  waits.abort();
  assert.is(codeOf(await verdict), 'action/cancelled');
  assert.is(bench.ports.journal.append, append);
  const last = bench.entries.at(-1)?.entry;
  assert.is(last?.type === 'action.finished' && last.outcome.status, 'aborted');
});

test('shuts down: ends every session with the cause and admits no more', async () => {
  const bench = makeBench();
  const { gate, session } = await openSession(bench);
  const cause = refuse('unavailable', 'gateway/stopping', 'the gateway is stopping');
  session.ended.addEventListener('abort', () => void session.close('stopping'));
  await gate.shutDown(cause);
  assert.is(session.ended.reason, cause);
  assert.is(gate.sessions.size, 0);
  assert.is(await gate.open(ARRIVAL), cause);
});

test('ends a session that does not close itself', async () => {
  const bench = makeBench();
  const { gate, session } = await openSession(bench);
  assert.ok(gate.endSession(session.id, refuse('blocked', 'session/killed', 'killed')));
  assert.is(
    codeOf(await session.submit(sqlAction('select 1'), waiting().options)),
    'session/killed',
  );
  await gate.shutDown(refuse('unavailable', 'gateway/stopping', 'stopping'));
  assert.is(gate.sessions.size, 0);
  assert.not(gate.endSession('no-such', refuse('blocked', 'x', 'x')));
});

test('limits the actions of a session that are in flight', async () => {
  const bench = makeBench();
  const { session } = await openSession(bench, { limits: { maxPendingActions: 1 } });
  const first = session.submit(sqlAction('a'), waiting().options);
  assert.is(
    codeOf(await session.submit(sqlAction('b'), waiting().options)),
    'limit/pending-actions',
  );
  assert.is(codeOf(await first), 'passed');
});

test('goes on when an observer throws', async () => {
  const bench = makeBench();
  const throws = (): never => {
    throw new Error('metrics are broken');
  };
  const observer = {
    sessionOpened: throws,
    sessionRefused: throws,
    sessionClosed: throws,
    actionDecided: throws,
    actionHeld: throws,
    actionFinished: throws,
    fault: throws,
  };
  const { session } = await openSession(bench, { observer });
  assert.is(codeOf(await session.submit(sqlAction('a'), waiting().options)), 'passed');
});

test.run();
