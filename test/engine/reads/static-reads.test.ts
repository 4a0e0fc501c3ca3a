import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createDecider } from '../../../engine/decide.ts';
import { evaluatePath } from '../../../engine/evaluate.ts';
import { compilePolicies } from '../../../engine/policy-set.ts';
import { holdsPath, type InputPath, inputPathText } from '../../../engine/reads/input-path.ts';
import { readsOfDecision, readsOfDocument } from '../../../engine/reads/static-reads.ts';
import { BASE_DOCUMENT, generateCase } from '../../fuzz/generate-module.ts';
import { compile } from '../../support/policies.ts';
import { GET_ORDERS, inputOf, SELECT_CUSTOMERS } from '../../support/policy-input.ts';
import { projectRoot } from '../../support/source-files.ts';

const test = suite('engine/reads/static-reads');

function readsOf(texts: readonly string[], path: string): readonly string[] {
  return readsOfDocument(compile(texts), path.split('.')).map(inputPathText);
}

test('a path ends at its first key that is not in the text', () => {
  const text = 'package p\n\nq if input.a.b[input.key].c == 1\n\nr if input["x.y"][_] == 2';
  assert.equal(readsOf([text], 'p.q'), ['input.a.b', 'input.key']);
  assert.equal(readsOf([text], 'p.r'), ['input["x.y"]']);
});

test('rules and functions are looked through, wherever they stand', () => {
  const texts = [
    'package p\n\nimport data.lib\n\nq if lib.f(input.a)\n\nr if lib.table.x.y\n\ns if data.lib[input.name]',
    'package lib\n\nf(x) if x == input.b\n\ntable[k] := input.c if some k in ["x"]\n\nother := input.d',
  ];
  assert.equal(readsOf(texts, 'p.q'), ['input.a', 'input.b']);
  assert.equal(readsOf(texts, 'p.r'), ['input.c']);
  assert.equal(readsOf(texts, 'p.s'), ['input.b', 'input.c', 'input.d', 'input.name']);
});

test('what holds another path stands for it, and a whole input for all', () => {
  const text =
    'package p\n\nq if input.a.b\n\nq if input.a == input.ab\n\nr := json.marshal(input)';
  assert.equal(readsOf([text], 'p.q'), ['input.a', 'input.ab']);
  assert.equal(readsOf([text], 'p'), ['input']);
});

test('what a with replaces is not read, its value and keys are', () => {
  const text = 'package p\n\nq if r with input.a as input.b\n\nr if input.c';
  assert.equal(readsOf([text], 'p.q'), ['input.b', 'input.c']);
});

test('else branches, defaults, head keys and comprehensions count', () => {
  const text = `package p

default q := 0

q := 1 if input.a else := [x | some x in input.b] if input.c

r[input.d] := {input.e: 1}

s contains input.f`;
  assert.equal(readsOf([text], 'p.q'), ['input.a', 'input.b', 'input.c']);
  assert.equal(readsOf([text], 'p.r'), ['input.d', 'input.e']);
  assert.equal(readsOf([text], 'p.s'), ['input.f']);
});

test('a builtin that knows the time reads that of the input', () => {
  const policySet = compilePolicies(
    { policies: [{ name: 'p.policy', text: 'package p\n\nallow if time.now_ns() > 0' }] },
    { provided: ['time.now_ns'] },
  ).policySet;
  if (policySet === undefined) throw new Error('does not compile');
  assert.equal(readsOfDecision(policySet, ['p']).map(inputPathText), ['input.context.now_ns']);
});

test('a decision reads what its four documents read, and no other rule', () => {
  const text = 'package p\n\nallow if input.a\n\nblock contains "x" if input.b\n\nnote := input.c';
  assert.equal(readsOfDecision(compile([text]), ['p']).map(inputPathText), ['input.a', 'input.b']);
  assert.equal(readsOfDecision(compile([text]), ['other']), []);
});

/** The input with everything replaced that no path of `reads` holds or leads through. */
function disturb(value: unknown, reads: readonly InputPath[], at: InputPath = []): unknown {
  if (reads.some((read) => holdsPath(read, at))) return value;
  if (!reads.some((read) => holdsPath(at, read))) return { disturbed: [at.join('/')] };
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value).map(([name, inner]) => [
    name,
    disturb(inner, reads, [...at, name]),
  ]);
  return { ...Object.fromEntries(entries), 'not there before': 1 };
}

test('a change outside the reads changes no result, and no evaluation looks elsewhere', () => {
  const tapes = fc.array(fc.nat(1_000_000), { minLength: 40, maxLength: 320, size: 'max' });
  let compared = 0;
  fc.assert(
    fc.property(tapes, (tape) => {
      const example = generateCase(tape);
      const { policySet } = compilePolicies({
        policies: example.modules.map((text, at) => ({ name: `fuzz${at}.rego`, text })),
        data: [{ name: 'base.json', text: `{"base": ${BASE_DOCUMENT}}` }],
      });
      if (policySet === undefined) return;
      const reads = readsOfDocument(policySet, ['fuzz']);
      const input: unknown = JSON.parse(example.input);
      const first = evaluatePath(policySet, ['fuzz'], { input });
      const second = evaluatePath(policySet, ['fuzz'], { input: disturb(input, reads) });
      assert.equal(second, first);
      const texts = reads.map(inputPathText);
      if (!first.ok) return;
      for (const read of first.reads)
        assert.ok(
          texts.some(
            (text) =>
              text === read || (/^[.[]/.test(read.slice(text.length)) && read.startsWith(text)),
          ),
          `${read} is not in ${texts.join(', ')}`,
        );
      compared += 1;
    }),
    { numRuns: 400, seed: 7 },
  );
  assert.ok(compared > 100, `only ${compared} cases were compared`);
});

for (const [file, name] of [
  ['postgres/guardrails.policy', 'guardrails.postgres'],
  ['http/guardrails.policy', 'guardrails.http'],
] as const)
  test(`${name}: a change outside the reads changes no decision`, () => {
    const text = readFileSync(join(projectRoot, 'policies', file), 'utf8');
    const policySet = compile([text], { inputSchema: 'contract' });
    const reads = readsOfDecision(policySet, [name]);
    assert.ok(reads.length > 0 && reads.every((path) => path[0] === 'action'));
    const decider = createDecider(policySet);
    for (const action of [SELECT_CUSTOMERS, GET_ORDERS]) {
      const input = inputOf(action);
      const other = disturb(input, [...reads, ['context', 'now_ns']]) as typeof input;
      assert.equal(decider.decide([name], other), decider.decide([name], input));
    }
  });

test.run();
