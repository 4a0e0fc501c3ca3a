import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { evaluatePath } from '../../../engine/evaluate.ts';
import { knownPart } from '../../../engine/partial/known-input.ts';
import { type Specialised, Specialiser } from '../../../engine/partial/specialise.ts';
import type { InputPath } from '../../../engine/reads/input-path.ts';
import { toPlain } from '../../../engine/value/plain.ts';
import type { CheckedRule } from '../../../lang/check/checked.ts';
import { generateCase } from '../../fuzz/generate-module.ts';
import { partialOutcome } from '../../fuzz/partial.ts';
import { compile } from '../../support/policies.ts';

const test = suite('engine/partial/specialise');

const WHO: readonly InputPath[] = [['who']];

/** Specialises `package p` with these rules for an input whose `who` is known. */
function specialised(rules: string, who: unknown, paths = WHO): Specialised {
  const policySet = compile([`package p\n\n${rules}\n`]);
  const known = knownPart({ who }, paths);
  return new Specialiser(policySet, known.paths).specialise(known);
}

function rulesOf({ policySet }: Specialised): readonly CheckedRule[] {
  return policySet.modules.modules.flatMap(({ rules }) => rules);
}

/** How many literals are left in the bodies of a rule, one entry a definition. */
function literalsLeft(made: Specialised, name: string): readonly number[] {
  return rulesOf(made)
    .filter(({ path }) => path.at(-1) === name)
    .map(({ rule }) => rule.body?.literals.length ?? 0);
}

/** The document `p` of the specialised set on both engines, which must agree. */
function documentOf({ policySet }: Specialised, input: unknown): unknown {
  const answers = (['interpret', 'compiled'] as const).map((engine) => {
    const evaluation = evaluatePath(policySet, ['p'], { input, engine });
    if (!evaluation.ok) return evaluation.error.code;
    return evaluation.result && toPlain(evaluation.result);
  });
  assert.equal(answers[0], answers[1]);
  return answers[0];
}

test('a condition on what is known is decided and gone', () => {
  const made = specialised('allow if {\n\tinput.who.kind == "human"\n\tinput.verb == "GET"\n}', {
    kind: 'human',
  });
  assert.equal(literalsLeft(made, 'allow'), [1]);
  assert.equal(documentOf(made, { who: { kind: 'human' }, verb: 'GET' }), { allow: true });
});

test('a definition that cannot hold is left out, but for the first of its place', () => {
  const rules = ['agent', 'human', 'agent'].map(
    (kind, at) =>
      `block contains ${at} if {\n\tinput.who.kind == "${kind}"\n\tinput.verb == "GET"\n}`,
  );
  const made = specialised(rules.join('\n\n'), { kind: 'human' });
  assert.equal(made.rules, { before: 3, after: 2, changed: 2 });
  assert.equal(documentOf(made, { who: { kind: 'human' }, verb: 'GET' }), { block: [1] });
});

test('what is known to be absent has no value', () => {
  const made = specialised('mail := input.who.email\n\nhas if input.who.email\n\nok := true', {});
  assert.equal(documentOf(made, { who: {} }), { ok: true });
});

test('a variable with one known value becomes it', () => {
  const made = specialised(
    'mine if {\n\tteam := input.who.team\n\tsome owner in input.owners\n\towner == team\n}',
    { team: 'pay' },
  );
  assert.equal(literalsLeft(made, 'mine'), [2]);
  assert.equal(documentOf(made, { who: { team: 'pay' }, owners: ['x', 'pay'] }), { mine: true });
});

test('literals with several known solutions become one that ranges over them', () => {
  const made = specialised(
    [
      'roles := {"a": ["r", "w"], "b": ["r"], "c": ["x"]}',
      'may contains [group, verb] if {\n\tsome group in input.who.groups\n\tsome verb in roles[group]\n\tverb != "w"\n\tinput.verb == verb\n}',
    ].join('\n\n'),
    { groups: ['a', 'b'] },
  );
  assert.equal(literalsLeft(made, 'may'), [2]);
  assert.equal(documentOf(made, { who: { groups: ['a', 'b'] }, verb: 'r' }), {
    roles: { a: ['r', 'w'], b: ['r'], c: ['x'] },
    may: [
      ['a', 'r'],
      ['b', 'r'],
    ],
  });
});

test('an array keeps each solution in its place', () => {
  const made = specialised(
    'all := [[x, g] |\n\tsome x in input.xs\n\tsome g in input.who.groups\n]\n\ncount_of := [x |\n\tsome g in input.who.groups\n\tsome x in input.xs\n]',
    { groups: ['a', 'b'] },
  );
  assert.equal(documentOf(made, { who: { groups: ['a', 'b'] }, xs: [1, 2] }), {
    all: [
      [1, 'a'],
      [1, 'b'],
      [2, 'a'],
      [2, 'b'],
    ],
    count_of: [1, 2, 1, 2],
  });
});

test('rules and functions that need only what is known are evaluated', () => {
  const made = specialised(
    [
      'is_staff if "staff" in input.who.groups',
      'longer(text, n) if count(text) > n',
      'allow if {\n\tis_staff\n\tlonger(input.who.name, 2)\n\tinput.verb == "GET"\n}',
      'deny if {\n\tnot is_staff\n\tinput.verb == "GET"\n}',
    ].join('\n\n'),
    { groups: ['staff'], name: 'Ada' },
  );
  assert.equal(literalsLeft(made, 'allow'), [1]);
  assert.equal(literalsLeft(made, 'is_staff'), [0]);
  assert.equal(documentOf(made, { who: { groups: ['staff'], name: 'Ada' }, verb: 'GET' }), {
    allow: true,
    is_staff: true,
  });
});

test('nothing is known of what a `with` of the set replaces', () => {
  const made = specialised(
    'kind := input.who.kind\n\nother := x if x := kind with input.who.kind as "agent"\n\nname := input.who.name',
    { kind: 'human', name: 'Ada' },
  );
  assert.equal(documentOf(made, { who: { kind: 'human', name: 'Ada' } }), {
    kind: 'human',
    other: 'agent',
    name: 'Ada',
  });
});

test('an error of the whole policy is one of what is left', () => {
  const conflict = 'f(x) := 1 if x > 0\n\nf(x) := 2 if x > 1';
  const rules = `${conflict}\n\nallow if {\n\tf(input.n) == 1\n\tinput.who.kind == "agent"\n}`;
  const made = specialised(rules, { kind: 'human' });
  assert.is(documentOf(made, { who: { kind: 'human' }, n: 5 }), 'eval_conflict_error');
  assert.equal(documentOf(made, { who: { kind: 'human' }, n: 1 }), {});
  const known = specialised('a := input.who.x\n\na := 2\n\nb if {\n\ta == 2\n\tinput.n\n}', {
    x: 1,
  });
  assert.is(documentOf(known, { who: { x: 1 } }), 'eval_conflict_error');
});

test('conflicts are still met where definitions became the same constant', () => {
  const rules =
    'f(x) := x\n\nf(x) := 2 * x\n\np := input.who.x if true\n\np := 1 if f(input.n) > 0';
  const made = specialised(rules, { x: 1 });
  assert.is(documentOf(made, { who: { x: 1 }, n: 3 }), 'eval_conflict_error');
});

test('an `else` is kept with its order', () => {
  const rules =
    'level := "high" if {\n\tinput.who.kind == "agent"\n} else := "mid" if {\n\tinput.who.kind == "human"\n\tinput.verb == "GET"\n} else := "low"';
  const made = specialised(rules, { kind: 'human' });
  assert.equal(documentOf(made, { who: { kind: 'human' }, verb: 'GET' }), { level: 'mid' });
  assert.equal(documentOf(made, { who: { kind: 'human' }, verb: 'PUT' }), { level: 'low' });
});

test('tests of text may meet what is known to be none', () => {
  const made = specialised(
    'x := 1 if contains(input.who.level, input.name)\n\ny := 2 if startswith(input.name, input.who.level)\n\nz := 3 if endswith(input.who.name, "a")',
    { level: 7, name: 'ada' },
  );
  assert.equal(documentOf(made, { who: { level: 7, name: 'ada' }, name: 'b' }), { z: 3 });
});

test('large values stay where they are', () => {
  const xs = Array.from({ length: 1_000 }, (_, at) => at);
  const made = specialised('all contains x if {\n\tsome x in input.who.xs\n\tx > input.n\n}', {
    xs,
  });
  assert.equal(made.rules.changed, 0);
  assert.equal(documentOf(made, { who: { xs }, n: 997 }), { all: [998, 999] });
});

test('what the policies print is the same', () => {
  const policySet = compile([
    'package p\n\nq contains 1 if {\n\tsome g in input.who.groups\n\tprint(g)\n}\n',
  ]);
  const known = knownPart({ who: { groups: ['a', 'b'] } }, WHO);
  const made = new Specialiser(policySet, WHO).specialise(known).policySet;
  const printed = [policySet, made].map((set) => {
    const lines: string[] = [];
    const print = (line: string): void => void lines.push(line);
    evaluatePath(set, ['p'], { input: { who: { groups: ['a', 'b'] } }, print });
    return lines;
  });
  assert.equal(printed[1], printed[0]);
  assert.is(printed[0]?.length, 2);
});

test('only what a decision by the packages may come to is left', () => {
  const policySet = compile([
    'package p\n\nallow if {\n\tinput.who.kind == "human"\n\tinput.verb == "GET"\n}\n\nunused := input.verb\n',
    'package other\n\nx := 1\n',
  ]);
  const known = knownPart({ who: { kind: 'human' } }, WHO);
  const made = new Specialiser(policySet, WHO).specialise(known, ['p']);
  assert.equal(made.rules, { before: 3, after: 1, changed: 1 });
  assert.is(made.policySet.revision, policySet.revision);
});

test('specialised policies answer as the whole one for generated policies', () => {
  let [compared, changed] = [0, 0];
  const tapes = fc.array(fc.nat(1_000_000), { minLength: 40, maxLength: 320, size: 'max' });
  const masks = fc.array(fc.nat(1_023), { minLength: 1, maxLength: 2 });
  fc.assert(
    fc.property(tapes, masks, (tape, some) => {
      const outcome = partialOutcome(generateCase(tape), [1_023, ...some]);
      if (outcome === undefined) return;
      compared += outcome.specialised;
      changed += outcome.changed;
      assert.is(outcome.difference, undefined);
    }),
    { seed: 20_261_121, numRuns: 400 },
  );
  assert.ok(compared > 400, `only ${compared} specialised policies`);
  assert.ok(changed * 2 > compared, `only ${changed} of ${compared} were specialised at all`);
});

test.run();
