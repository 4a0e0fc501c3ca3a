/**
 * The SQL conformance list, whole, against the analyser.
 */
import { existsSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { judgeCases, readCases } from './facts.ts';

const test = suite('conformance/facts');
const file = new URL('../../../shared/conformance/sql-adversarial.jsonl', import.meta.url).pathname;

test('every statement built to fool a parser is analysed as the server reads it', async () => {
  if (!existsSync(file)) {
    console.log('SKIP: sql-adversarial.jsonl is not beside this repository');
    return;
  }
  const cases = readCases(file);
  assert.ok(cases.length >= 73);
  const { right, faults } = await judgeCases(cases, 15);
  assert.equal(faults, []);
  assert.is(right, cases.length);
});

test('a wrong expectation is counted and named', async () => {
  const expect = { verbs: ['SELECT'], tables_read: ['b'], tables_written: [], functions: [] };
  const totals = await judgeCases(
    [{ id: 'x', sql: 'select 1 from a', expect, server15: 'accepted' }],
    15,
  );
  assert.is(totals.wrong, 1);
  assert.is(totals.faults[0]?.why, 'tables_read: expected ["b"], got ["a"]');
});

test.run();
