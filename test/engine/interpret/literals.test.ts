import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { errorAt, valueAt } from '../../support/policies.ts';

const test = suite('engine/interpret/literals');

test('undefined is not false: a comparison with it is undefined', () => {
  assert.is(valueAt('p.x', 'x if input.missing != true'), undefined);
  assert.is(valueAt('p.x', 'x if not input.missing'), true);
});

test('unification binds on both sides', () => {
  assert.equal(valueAt('p.x', 'x := [a, b] if [a, 2, {"k": b}] = [1, 2, {"k": 3}]'), [1, 3]);
  assert.equal(valueAt('p.x', 'x := [a, b] if [a, 1] = [b, b]'), [1, 1]);
  assert.equal(valueAt('p.x', 'x := [a, b] if [a, [2]] = [1, [b]]'), [1, 2]);
  assert.is(valueAt('p.x', 'x if [1, 2] = input', { input: [1, 2, 3] }), undefined);
});

test('a variable in a reference enumerates keys, bound or not', () => {
  const input = { xs: { a: 1, b: 2, c: 1 }, ys: [1, 1, 2] };
  assert.equal(valueAt('p.x', 'x := {k | input.xs[k] == 1}', { input }), ['a', 'c']);
  assert.equal(valueAt('p.x', 'x := {[k, i] | input.xs[k] = input.ys[i]}', { input }), [
    ['a', 0],
    ['a', 1],
    ['b', 2],
    ['c', 0],
    ['c', 1],
  ]);
});

test('every wildcard is a variable of its own', () => {
  const input = [
    [1, 2],
    [3, 4],
  ];
  assert.equal(valueAt('p.x', 'x := [v | v := input[_][_]]', { input }), [1, 2, 3, 4]);
});

test('some binds keys and values by pattern', () => {
  const input = { a: { n: 1 }, b: { n: 2 } };
  assert.equal(valueAt('p.x', 'x := {k: n | some k, {"n": n} in input}', { input }), {
    a: 1,
    b: 2,
  });
  assert.equal(valueAt('p.x', 'x := {v | some v in {3, 4}}'), [3, 4]);
});

test('every holds over nothing, fails over undefined and over what is no collection', () => {
  assert.is(valueAt('p.x', 'x if every v in [] { v > 1 }'), true);
  assert.is(valueAt('p.x', 'x if every v in input.missing { v > 1 }'), undefined);
  assert.is(valueAt('p.x', 'x if every v in input { v > 1 }', { input: 7 }), undefined);
  assert.is(valueAt('p.x', 'x if every k, v in [0, 1, 2] { k == v }'), true);
  assert.is(valueAt('p.x', 'x if every v in [2, 1] { v > 1 }'), undefined);
});

test('a call with one argument more receives its result', () => {
  assert.is(valueAt('p.x', 'x := n if count([1, 2], n)'), 2);
  assert.is(valueAt('p.x', 'x if count([1, 2], 3)'), undefined);
  assert.equal(valueAt('p.x', 'x := {p | walk({"a": [1]}, [p, 1])}'), [['a', 0]]);
});

test('with replaces input, data and functions for its literal only', () => {
  const text = `
allowed if input.user == data.owners[_]

f(x) := x + 1

g(x) := f(x) * 10

x.none := [1 | allowed]

x.input := [1 | allowed with input.user as "eve" with data.owners as ["eve"]]

x.value := v if v := g(1) with f as 7

x.function := v if v := g(1) with f as mock

x.builtin := v if v := count([4]) with count as sum

x.after := [v, w] if {
	v := g(1) with f as 7
	w := g(1)
}

mock(x) := f(x) + 100
`;
  assert.equal(valueAt('p.x', text, { input: { user: 'bob' } }), {
    after: [70, 20],
    builtin: 4,
    function: 1020,
    input: [1],
    none: [],
    value: 70,
  });
});

test('with puts rules below its target out of sight', () => {
  const texts = [
    'package a\n\nx := 1\n\ny := 2',
    'package q\n\nr := v if v := data.a with data.a as {"z": 3}',
  ];
  assert.equal(valueAt('q.r', texts), { z: 3 });
});

test('an undefined value of with makes the literal fail, negated or not', () => {
  assert.is(valueAt('p.x', 'x if true with input as input.missing'), undefined);
  assert.is(valueAt('p.x', 'x if not false with input as input.missing'), undefined);
});

test('a failing builtin is undefined, and an error when errors are strict', () => {
  assert.is(valueAt('p.x', 'x := 1 / input', { input: 0 }), undefined);
  const error = errorAt('p.x', 'x := 1 / input', { input: 0, strictBuiltinErrors: true });
  assert.is(error.code, 'eval_builtin_error');
  assert.match(error.message, 'div');
  assert.is(error.places[0]?.line, 3);
});

test('a template shows what is undefined and never fails for it', () => {
  assert.is(
    valueAt('p.x', 'x := $"{input.a} and {input.b} and {[1, "s"]}"', { input: { a: 'A' } }),
    'A and <undefined> and [1, "s"]',
  );
});

test('print writes a line when it is wanted, and costs nothing otherwise', () => {
  const lines: string[] = [];
  const text = 'x if {\n\tprint("a", input.missing, {1, "b"})\n\ttrue\n}\n';
  assert.is(valueAt('p.x', text, { print: (line) => void lines.push(line) }), true);
  assert.equal(lines, ['a <undefined> {1, "b"}']);
  assert.is(valueAt('p.x', text), true);
  assert.is(lines.length, 1);
});

test('an object comprehension with two values for a key is a conflict', () => {
  assert.is(errorAt('p.x', 'x := {k: v | k := "a"; some v in [1, 2]}').code, 'eval_conflict_error');
});

test.run();
