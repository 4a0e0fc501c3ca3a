/**
 * Ways round the gate itself: what a client says of its target, what it makes the gate write, and ports that fail.
 * The list only grows; a case is never weakened.
 */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createGate } from '../../proxy/gate/pipeline.ts';
import type { HttpUpstream, Target } from '../../proxy/gate/ports.ts';
import { isRefusal, refuse } from '../../proxy/gate/refusal.ts';
import { ARRIVAL, makeBench, TARGET } from '../support/gate-ports.ts';

const test = suite('bypass/gate');

const codeOf = (outcome: unknown): string => (isRefusal(outcome) ? outcome.code : 'admitted');

for (const database of [
  'archive',
  'postgres',
  'SHOP',
  'shop ',
  '',
  'shop/archive',
  "shop' user=x",
]) {
  test(`the database \`${database}\` is not reached by asking for it`, async () => {
    const bench = makeBench();
    const gate = createGate(bench.ports);
    assert.is(codeOf(await gate.open({ ...ARRIVAL, database })), 'resource/database');
    assert.is(gate.sessions.size, 0);
    assert.is(bench.entries.at(-1)?.entry.type, 'session.refused');
  });
}

test('a resource without databases has none to ask for', async () => {
  const upstream: HttpUpstream = {
    kind: 'http',
    url: 'http://127.0.0.1:1',
    inject: [],
    ca: undefined,
  };
  const target: Target = { ...TARGET, upstream };
  const bench = makeBench();
  const gate = createGate({ ...bench.ports, targets: { find: () => target } });
  assert.is(codeOf(await gate.open({ ...ARRIVAL, database: 'shop' })), 'resource/database');
});

test('what an unknown client says of itself is bounded in the journal', async () => {
  const bench = makeBench();
  bench.identity = refuse('unauthenticated', 'identity/malformed', 'no');
  const gate = createGate(bench.ports);
  const long = 'x'.repeat(30_000);
  const client = { ip: '127.0.0.1', application: long, fingerprint: long };
  await gate.open({ ...ARRIVAL, resource: long, client });
  assert.ok(JSON.stringify(bench.entries).length < 2_000);
});

test.run();
