/** What the plan spares: each is shown by work that a limit would end otherwise, and by the same result as the reference's. */
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { evaluatePath } from '../../../engine/evaluate.ts';
import { programText } from '../../../engine/plan/plan-text.ts';
import { toPlain } from '../../../engine/value/plain.ts';
import { compile } from '../../support/policies.ts';

const test = suite('engine/emit/plan-passes');

const FEW_STEPS = { steps: 20_000 };
const NUMBERS = Array.from({ length: 300 }, (_, at) => at);

/** The document `p` by one engine: its value, or the code of the error. */
function answer(
  rules: string,
  input: unknown,
  engine: 'interpret' | 'compiled',
  more: object = {},
): unknown {
  const evaluation = evaluatePath(compile([`package p\n\n${rules}\n`]), ['p'], {
    input,
    engine,
    ...more,
  });
  if (!evaluation.ok) return evaluation.error.code;
  return evaluation.result && toPlain(evaluation.result);
}

/** Compiled code has the value of the reference with few steps; the reference needs more. */
function spares(rules: string, input: unknown): void {
  const wanted = answer(rules, input, 'interpret');
  assert.is.not(wanted, 'eval_limit_error');
  assert.equal(answer(rules, input, 'compiled', { limits: FEW_STEPS }), wanted);
  assert.is(answer(rules, input, 'interpret', { limits: FEW_STEPS }), 'eval_limit_error');
}

/** Both engines say the same. */
function agree(rules: string, input: unknown, more: object = {}): unknown {
  const wanted = answer(rules, input, 'interpret', more);
  assert.equal(answer(rules, input, 'compiled', more), wanted);
  return wanted;
}

function planOf(rules: string): string {
  return programText(compile([`package p\n\n${rules}\n`]).code.plannedProgram());
}

test('a common expression is computed once, also inside of blocks', () => {
  const plan = planOf(
    'x if {\n\tlower(input.name) != "a"\n\tlower(input.name) != "b"\n\tnot lower(input.name) == "c"\n\tinput.name != upper(input.name)\n}',
  );
  assert.is(plan.split(':= lower(').length, 2, plan);
  assert.is(plan.split(':= input.name').length, 2, plan);
});

test('what another branch, or another world, computed is computed anew', () => {
  const rules =
    'x := 1 if { lower(input.a) == "no" } else := 2 if { lower(input.a) == "b" }\n\ny := [a, b] if {\n\ta := lower(input.a)\n\tb := lower(input.a) with input.a as "Z"\n}';
  assert.equal(agree(rules, { a: 'B' }), { x: 2, y: ['b', 'z'] });
});

test('what is the same for every element is computed once, where the first needs it', () => {
  spares('x := count([a | some a in input.xs; a < count(numbers.range(1, input.n))])', {
    xs: NUMBERS,
    n: 2_000,
  });
  spares('x if every a in input.xs { a < count({b | some b in numbers.range(1, input.n)}) }', {
    xs: NUMBERS,
    n: 2_000,
  });
});

test('it is not computed where nothing needs it', () => {
  const torn = 'torn(x) := 1 if x\n\ntorn(x) := 2 if x != 7\n\n';
  const rules = `${torn}x := [a | some a in input.xs; a > input.n; torn(input.n) == 1]`;
  assert.equal(agree(rules, { xs: NUMBERS, n: 1_000 }), { x: [] });
  assert.is(agree(rules, { xs: NUMBERS, n: 5 }), 'eval_conflict_error');
  assert.equal(agree(rules, { xs: [], n: 5 }), { x: [] });
});

test('what depends on the element, or on a world of its own, is computed for each', () => {
  assert.equal(
    agree(
      'x := [y | some a in input.xs; some b in input.xs; y := sprintf("%v%v", [a, b])]\n\nz := [y | some a in input.xs; y := lower(input.s) with input.s as a]',
      { xs: ['A', 'B'], s: 'S' },
    ),
    { x: ['AA', 'AB', 'BA', 'BB'], z: ['a', 'b'] },
  );
});

test('a function that stands for one of fewer arguments is asked without its last ones', () => {
  const rules =
    'p := 1 if {\n\tevery x in input.xs { [1 | count([], y)] with count as f; x == x }\n}\n\nf(a, b) := 1 if 1';
  assert.equal(agree(rules, { xs: [1] }), { p: 1 });
});

test('one solution is enough where every other would say the same', () => {
  spares(
    'x := 1 if { some a in input.xs; some b in input.xs; a <= b }\n\nx := 1 if { input.no; some a in input.xs; a == input.no }\n\ny contains input.xs[0] if { some a in input.xs; some b in input.xs; a <= b }\n\nz := count({"one" | some a in input.xs; some b in input.xs; a <= b})',
    { xs: NUMBERS },
  );
});

test('solutions behind the first still count where they say something else, or fail', () => {
  const xs = [1, 2, 3];
  assert.equal(agree('x contains a if { some a in input.xs }', { xs }), { x: [1, 2, 3] });
  assert.equal(agree('x := [1 | some a in input.xs; a > 1]', { xs }), { x: [1, 1] });
  const torn = 'torn(a) := 1 if a < 4\n\ntorn(a) := 2 if a == 3\n\n';
  assert.is(
    agree(`${torn}x contains "x" if { some a in input.xs; torn(a) == 1 }`, { xs }),
    'eval_conflict_error',
  );
  const mixed = { xs: ['a', 7] };
  const strict = { strictBuiltinErrors: true };
  const rules = 'x contains "x" if { some a in input.xs; startswith(a, "a") }';
  assert.equal(agree(rules, mixed), { x: ['x'] });
  assert.is(agree(rules, mixed, strict), agree('x if startswith(input.xs[1], "a")', mixed, strict));
});

test('a comprehension that is keyed by an outer variable goes through its collection once', () => {
  const apps = NUMBERS.map((at) => `app-${at}`);
  const servers = apps.map((app, at) => ({ app, name: `s${at}` }));
  spares(
    'x[app] := names if { some app in input.apps; names := {s.name | some s in input.servers; s.app == app} }',
    { apps, servers },
  );
  spares(
    'names(app) := [s.name | some s in input.servers; app == s.app]\n\nx := count([1 | some app in input.apps; names(app) == ["no"]])',
    { apps, servers },
  );
});

test('elements that are found by an index are those that going through all would find', () => {
  const kind = fc.constantFrom(
    1,
    2,
    2.5,
    -0,
    'a',
    'b',
    '\ud800',
    '\ufffd',
    true,
    null,
    [1],
    {},
    undefined,
  );
  const element = fc.oneof(
    fc.record({ k: kind, n: fc.record({ k: kind }) }),
    fc.constantFrom(7, 'x', null, ['k'], {}),
  );
  const lists = fc.array(element, { minLength: 32, maxLength: 50 });
  fc.assert(
    fc.property(lists, fc.array(kind, { minLength: 3, maxLength: 6 }), (items, wanted) => {
      agree(
        'x := [[w, i, e] | some w in input.wanted; some i, e in input.items; e.k == w]\n\ny := [r | some w in input.wanted; r := {i | some i, e in input.items; e.n.k == w}]',
        { items, wanted: wanted.filter((value) => value !== undefined) },
      );
    }),
    { numRuns: 60 },
  );
});

test.run();
