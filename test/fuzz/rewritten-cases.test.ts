import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { evaluateHere } from './own-engine.ts';
import {
  withBytesAsText,
  withComprehensionsFirst,
  withKeysInOrder,
  withNameAlone,
  withOutputsApart,
  withoutIndexes,
  withPlainTruth,
  withWholeBase,
} from './rewritten-cases.ts';

const test = suite('fuzz/rewritten-cases');
const HEADER = 'package fuzz\n\n';
const example = (rules: string) => ({ modules: [HEADER + rules], input: '{"xs": [0, null, 0]}' });
const textOf = ({ modules }: { readonly modules: readonly string[] }): string =>
  (modules[0] ?? '').slice(HEADER.length);

test('a rewritten case means the same here', () => {
  const rules = [
    'p := {x: {y: 1 | some y in [x]} | some x in input.xs}',
    'p := count([x | some x in input.xs]) if { [1 | true] == [1] }',
    'p := [base64.decode("YQ=="), hex.decode("61")]',
    'p := x if { x := data.base with data.base.m as {"a": input.xs} }',
  ];
  for (const rule of rules)
    for (const rewrite of [
      withBytesAsText,
      withComprehensionsFirst,
      withKeysInOrder,
      withPlainTruth,
      withWholeBase,
    ])
      assert.equal(evaluateHere(rewrite(example(rule))), evaluateHere(example(rule)), rule);
});

test('each rewriting writes what it is for, and leaves the rest', () => {
  assert.is(textOf(withPlainTruth(example('p if { not true }'))), 'p if { true }');
  assert.is(
    textOf(withWholeBase(example('p if data.base.q with data.base.m as {}'))),
    'p if data.base.q with data.base as {"m": {}, "xs": data.base.xs, "nums": data.base.nums}',
  );
  assert.is(textOf(withPlainTruth(example('p := [1 | true with input as 1]'))), 'p := [1 | true]');
  assert.is(
    textOf(withBytesAsText(example('p := hex.decode("61")'))),
    'p := json.unmarshal(json.marshal(hex.decode("61")))',
  );
  assert.is(
    textOf(withNameAlone(example('p := [unbound | 1] if { 1 }\n\nq := 1'), 'unbound')),
    'p := [unbound | 1] if { 1; unbound == unbound }\n\nq := 1',
  );
  assert.is(
    textOf(withComprehensionsFirst(example('p := [1 | 2]'))),
    'p := [1 | 2] if count([1 | 2]) >= 0',
  );
  assert.is(
    textOf(withoutIndexes(example('p := [x | count(input.xs, x)]'))),
    'p := [x | count(input.xs, x); [1 | x]]',
  );
  const untouched = example('p if { true; input.a }');
  for (const rewrite of [
    withBytesAsText,
    withComprehensionsFirst,
    withKeysInOrder,
    withOutputsApart,
    withPlainTruth,
  ])
    assert.equal(rewrite(untouched), untouched);
});

test('a refused output pattern is matched by an equation', () => {
  const rules = 'p if f(1, [x])\n\nf(1) := [2]\n\nf(2) := [3]';
  assert.is(evaluateHere(example(rules)).kind, 'rejected');
  assert.match(textOf(withOutputsApart(example(rules))), 'p if [x] = f(1)');
  assert.is(evaluateHere(withOutputsApart(example(rules))).kind, 'value');
});

test.run();
