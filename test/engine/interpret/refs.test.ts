import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { evaluatePath } from '../../../engine/evaluate.ts';
import { compilePolicies } from '../../../engine/policy-set.ts';
import { toPlain } from '../../../engine/value/plain.ts';
import { valueAt } from '../../support/policies.ts';

const test = suite('engine/interpret/refs');

/** The value at a path with a data document beside the policies. */
function withData(path: string, data: string, ...policies: string[]): unknown {
  const { policySet, diagnostics } = compilePolicies({
    policies: policies.map((text, index) => ({ name: `${index}.policy`, text })),
    data: [{ name: 'data.json', text: data }],
  });
  if (policySet === undefined) throw new Error(diagnostics[0]?.message);
  const evaluation = evaluatePath(policySet, path.split('.'));
  if (!evaluation.ok) throw new Error(evaluation.error.message);
  return evaluation.result === undefined ? undefined : toPlain(evaluation.result);
}

test('base data and packages are one document', () => {
  const data = '{"a": {"base": 1}, "c": [5]}';
  const policy = 'package a\n\nrule := 2\n\nf(x) := x\n';
  assert.equal(withData('a', data, policy), { base: 1, rule: 2 });
  const reader = 'package q\n\nkeys := {k | data.a[k]}\n\nall := data.c[_]\n';
  assert.equal(withData('q.keys', data, policy, reader), ['base', 'rule']);
  assert.is(withData('q.all', data, policy, reader), 5);
});

test('a reference may choose its package by a value', () => {
  const texts = [
    'package t.one\n\nv := 1',
    'package t.two\n\nv := 2',
    'package q\n\nx := data.t[input].v\n\ny := {k: v | v := data.t[k].v}',
  ];
  assert.is(valueAt('q.x', texts, { input: 'two' }), 2);
  assert.equal(valueAt('q.y', texts), { one: 1, two: 2 });
});

test('a set is asked for members, an array for indices, a scalar for nothing', () => {
  const text =
    'x := [s["a"] | s := {"a", "b"}]\n\ny := [1 | input.array[input.half]]\n\nz := [1 | input.text[0]]\n';
  const input = { array: ['a'], half: 0.5, text: 'text' };
  assert.equal(valueAt('p', text, { input }), { x: ['a'], y: [], z: [] });
});

test('a key may be a pattern', () => {
  const text = 'x := {b | s := {[1, 2], [1, 3], [2, 4]}; s[[1, b]]}';
  assert.equal(valueAt('p.x', text), [2, 3]);
});

test('a call and a literal can be the head of a reference', () => {
  assert.equal(
    valueAt(
      'p',
      'x := split("a.b", ".")[1]\n\ny := [10, 20][1]\n\nz := {v | v := [w | w := [7, 8][_]][_]}',
    ),
    {
      x: 'b',
      y: 20,
      z: [7, 8],
    },
  );
});

test('enumeration is in the order of Rego, which is that of UTF-8', () => {
  const input = { '\u{1f600}': 1, '\uffee': 2, a: 3 };
  assert.equal(valueAt('p.x', 'x := [k | input[k]]', { input }), ['a', '\uffee', '\u{1f600}']);
});

test('an index is a plain integer, and a set gives back the key as it was asked for', () => {
  assert.is(valueAt('p.v', 'v := input.x[1.0]', { input: { x: [1, 2] } }), 2);
  assert.is(valueAt('p.v', 'v := input.x[1e0]', { input: { x: [1, 2] } }), undefined);
  assert.is(valueAt('p.v', 'v := json.marshal({1}[1.0])'), '1.0');
});

test.run();
