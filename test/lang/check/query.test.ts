import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { makeQueryChecker } from '../../../lang/check/query.ts';
import { parseQuery } from '../../../lang/parse.ts';
import { check, checkOptions } from '../../support/checked.ts';

const test = suite('lang/check/query');

function queryFaults(text: string): readonly string[] {
  const { set } = check(['package p\nq := 1\nf(x) := x + 1\n']);
  const source = { name: '<query>', text };
  const { body } = parseQuery(source);
  if (set === undefined || body === undefined) throw new Error('the test has a fault');
  return makeQueryChecker(set, checkOptions())(source, body).diagnostics.map(
    ({ code, span }) => `${code}: ${text.slice(span.start, span.end)}`,
  );
}

test('types a query against the rules', () => {
  assert.equal(queryFaults('data.p.q = x; x > 0'), []);
  assert.equal(queryFaults('data.p.f("a", x)'), ['type/argument: "a"']);
  assert.equal(queryFaults('data.p.q.a'), ['type/undefined-field: .a']);
  assert.equal(queryFaults('upper(data.p.q)'), ['type/argument: data.p.q']);
});

test.run();
