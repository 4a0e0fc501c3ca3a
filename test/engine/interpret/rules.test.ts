import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { errorAt, valueAt } from '../../support/policies.ts';

const test = suite('engine/interpret/rules');

test('definitions of a complete rule that agree give one value', () => {
  assert.is(valueAt('p.x', 'x := 1 if true\n\nx := 1.0 if input.a', { input: { a: 1 } }), 1);
});

test('definitions that disagree are a conflict that names both', () => {
  const error = errorAt('p.x', 'x := 1 if input.a\n\nx := 2 if input.a\n', { input: { a: 1 } });
  assert.is(error.code, 'eval_conflict_error');
  assert.equal(
    error.places.map(({ file, line, rule }) => `${file}:${line} ${rule}`),
    ['policy-0.policy:3 x', 'policy-0.policy:5 x'],
  );
});

test('null disagrees with other constants', () => {
  assert.is(errorAt('p.x', 'x := null\n\nx := 1 if true').code, 'eval_conflict_error');
});

test('solutions of one definition that disagree are a conflict too', () => {
  assert.is(errorAt('p.x', 'x := v if some v in [1, 2]').code, 'eval_conflict_error');
});

test('else belongs to its definition, default to all of them', () => {
  const text =
    'default x := "none"\n\nx := "a" if input.a else := "b" if input.b\n\nx := "b" if input.c\n';
  assert.is(valueAt('p.x', text, { input: {} }), 'none');
  assert.is(valueAt('p.x', text, { input: { a: 1, b: 1 } }), 'a');
  assert.is(valueAt('p.x', text, { input: { b: 1, c: 1 } }), 'b');
});

test('an undefined value in a head makes the definition fail', () => {
  assert.is(valueAt('p.x', 'x := input.missing if true'), undefined);
  assert.is(valueAt('p.x', 'x := input.missing if true else := 2'), 2);
});

test('a partial set without members is empty, not undefined', () => {
  assert.equal(valueAt('p.x', 'x contains 1 if input.missing'), []);
  assert.equal(valueAt('p.x', 'x[k] := 1 if k := input.missing'), {});
});

test('a package without values is an empty object', () => {
  assert.equal(valueAt('p', 'x := 1 if input.missing'), {});
});

test('a partial object with two values for a key is a conflict, with one value twice is none', () => {
  const text = 'x[k] := v if some [k, v] in input\n';
  assert.equal(
    valueAt('p.x', text, {
      input: [
        ['a', 1],
        ['a', 1],
        ['b', 2],
      ],
    }),
    { a: 1, b: 2 },
  );
  const error = errorAt('p.x', text, {
    input: [
      ['a', 1],
      ['a', 2],
    ],
  });
  assert.is(error.code, 'eval_conflict_error');
  assert.match(error.message, 'object keys must be unique');
});

test('asked for one key, only what contributes to it is evaluated', () => {
  const text = 'x[k] := v if some [k, v] in input\n\ny := x.b\n';
  assert.is(
    valueAt('p.y', text, {
      input: [
        ['a', 1],
        ['a', 2],
        ['b', 3],
      ],
    }),
    3,
  );
});

test('general reference heads build nested documents', () => {
  const text =
    'users[team][name].age := age if some [team, name, age] in input\n\nteams[team] contains name if some [team, name, _] in input\n';
  const input = [
    ['red', 'ann', 1],
    ['red', 'bob', 2],
    ['blue', 'cat', 3],
  ];
  assert.equal(valueAt('p.users', text, { input }), {
    blue: { cat: { age: 3 } },
    red: { ann: { age: 1 }, bob: { age: 2 } },
  });
  assert.equal(valueAt('p.teams', text, { input }), { blue: ['cat'], red: ['ann', 'bob'] });
  assert.equal(valueAt('p.x', `${text}\nx := {n | users.red[n].age > 1}\n`, { input }), ['bob']);
});

test('rules with static keys below a rule with variable keys are part of its document', () => {
  const text =
    'a[x].n := 1 if some x in ["q", "r"]\n\na.s.n := 2\n\nt := {k: v.n | some k, v in a}\n';
  assert.equal(valueAt('p.t', text), { q: 1, r: 1, s: 2 });
});

test('functions try all clauses, match patterns, and fall back to their default', () => {
  const text =
    'default f(_) := "other"\n\nf([x, "lit"]) := x\n\nf({"k": v}) := v\n\nr := [f([1, "lit"]), f({"k": 2}), f("?")]\n';
  assert.equal(valueAt('p.r', text), [1, 2, 'other']);
});

test('a function whose clauses disagree is a conflict', () => {
  const error = errorAt('p.r', 'f(x) := 1 if x > 0\n\nf(x) := 2 if x > 1\n\nr := f(2)\n');
  assert.match(error.message, 'functions must not produce multiple outputs');
  assert.is(error.places.length, 2);
});

test('a default function is undefined when its argument is', () => {
  assert.is(
    valueAt('p.r', 'default f(_) := 1\n\nf(x) := x if x > 1\n\nr := f(input.missing)'),
    undefined,
  );
});

test('a function may have the value false and is then a value, not a failure', () => {
  assert.is(valueAt('p.r', 'f(x) := x > 1\n\nr := f(1)\n'), false);
  assert.is(valueAt('p.r', 'f(x) := x > 1\n\nr if f(1)\n'), undefined);
});

test('of two spellings of a number key, that of a rule with a variable there is kept', () => {
  const text = 'q[1.00] := 2\n\nq[x] := 2 if some x in [1]\n\nr := json.marshal(q)\n';
  assert.is(valueAt('p.r', text), '{"1":2}');
});

test('an undefined reference does not hide a conflict of a function called beside it', () => {
  const text = 'f(_) := v if some v in [1, 2]\n\nx := 1 if object.get(input.missing, f(1), 0)\n';
  assert.is(errorAt('p.x', text, { input: {} }).code, 'eval_conflict_error');
});

test('a template fails with a collection that counts as a constant and is undefined', () => {
  const text = 'c := [input.missing]\n\no := input.missing\n\n';
  assert.is(valueAt('p.x', `${text}x := $"{c}"\n`, { input: {} }), undefined);
  assert.is(valueAt('p.x', `${text}x := $"{o}"\n`, { input: {} }), '<undefined>');
});

test('an undefined call hides a conflict in the same statement', () => {
  const text = 'x := 1 if [{1: v | some v in [1, 2]}, concat("", input.missing)]';
  assert.is(valueAt('p.x', text, { input: {} }), undefined);
});

test.run();
