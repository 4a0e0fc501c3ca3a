import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { EngineName } from '../../../engine/evaluate.ts';
import { evaluatePath } from '../../../engine/evaluate.ts';
import { compile } from '../../support/policies.ts';

const test = suite('engine/emit/shared-values');
const LEVELS = 60;
const ENGINES: readonly EngineName[] = ['interpret', 'compiled'];

/** Functions that each hold what the one before gives twice; `whole` is all of it. */
function doubling(name: string, wrap: (part: string) => string): string {
  const lines = Array.from({ length: LEVELS }, (_, at) =>
    at === 0
      ? `${name}0(x) := ${wrap('x')}`
      : `${name}${at}(x) := ${wrap('y')} if y := ${name}${at - 1}(x)`,
  );
  return `${lines.join('\n')}\n${name} := ${name}${LEVELS - 1}(input.a)\n`;
}

function answers(text: string, input: unknown = { a: 1 }): readonly string[] {
  const policySet = compile([`package p\n\n${text}`]);
  return ENGINES.map((engine) => {
    const evaluation = evaluatePath(policySet, ['p', 'r'], { engine, input });
    return evaluation.ok ? String(evaluation.result) : evaluation.error.code;
  });
}

test('a value that doubles with each level ends in the limit where it is the result, in both engines', () => {
  for (const wrap of [
    (part: string) => `[${part}, ${part}]`,
    (part: string) => `{"a": ${part}, "b": ${part}}`,
    (part: string) => `{[${part}], ${part}}`,
  ])
    assert.equal(answers(`${doubling('f', wrap)}r := f`), ['eval_limit_error', 'eval_limit_error']);
});

test('as an argument, an element or one side of a comparison it costs what it holds', () => {
  const both = ['f', 'g'].map((name) => doubling(name, (part) => `[${part}, ${part}]`)).join('\n');
  const argument = 'h(x) := count(x)\n\nr := h(f) == h(g)\n';
  for (const rule of [argument, 'r := f == g\n', 'r if f in {g}\n', 'r if f <= g\n'])
    assert.equal(answers(both + rule), ['true', 'true'], rule);
});

test('input of the host that holds one part many times is converted once', () => {
  let part: unknown = [1];
  for (let level = 0; level < LEVELS; level += 1) part = [part, part];
  assert.equal(answers('r := count(input.a)\n', { a: part }), ['2', '2']);
  assert.equal(answers('r := input.a == [input.a[0], input.a[1]]\n', { a: part }), [
    'true',
    'true',
  ]);
});

test.run();
