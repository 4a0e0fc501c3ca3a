import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { hasModifiers } from '../../../lang/check/has-modifiers.ts';
import { parseModule } from '../../../lang/parse.ts';

const test = suite('lang/check/has-modifiers');

function holdsWith(rule: string): boolean {
  const text = `package p\n\nimport future.keywords\n\n${rule}\n`;
  const { module, diagnostics } = parseModule({ name: 'p.policy', text });
  const [first] = module?.rules ?? [];
  if (first === undefined || diagnostics.length > 0) throw new Error(diagnostics[0]?.message);
  return hasModifiers(first);
}

const INNER = '{y | y := data.q with input as 1}';

test('finds a modifier wherever one can stand', () => {
  for (const rule of [
    'p if data.q with input as 1',
    'p if { true } else := 2 if data.q with input as 1',
    `p if { true } else := ${INNER} if { true }`,
    `p := ${INNER}`,
    `p contains ${INNER}`,
    `p[${INNER}] := 1`,
    `p := [1, {"a": {${INNER}}}]`,
    `p := {${INNER}: 1}`,
    `p := count(${INNER}) + 1`,
    `p := 1 + count(${INNER})`,
    `p := {"a": 1}[${INNER}]`,
    `p := ${INNER}[_]`,
    `p := $"{data.q with input as 1}"`,
    'p := {1: z | z := [y | y := data.q with input as 1]}',
    `p if x := ${INNER}`,
    `p if x = ${INNER}`,
    `p if some x in ${INNER}`,
    `p if 1 in ${INNER}`,
    `p if every x in ${INNER} { x }`,
    'p if every x in [1] { data.q with input as x }',
    'p if not data.q with input as 1',
    'p if not { data.q with input as 1 }',
    'p if (data.q with input as 1) and true',
    'p if true or { data.q with input as 1 }',
  ])
    assert.ok(holdsWith(rule), rule);
});

test('finds none where the word is a text or a name', () => {
  for (const rule of [
    'p contains {"with": "last4"} if input.with == "with"',
    'p if { some x in input.xs; not x; every y in x { y > 1 } } # with',
    'f(x) := [y | y := x[_]; y != $"with {x}"]',
  ])
    assert.not.ok(holdsWith(rule), rule);
});

test.run();
