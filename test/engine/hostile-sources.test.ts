/**
 * Sources made to exhaust whoever reads them, through the whole front: parse, check, types, evaluation. Each ends in diagnostics or in a
 * result; the bound on time is the deadline of this file.
 */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { evaluatePath } from '../../engine/evaluate.ts';
import { compilePolicies } from '../../engine/policy-set.ts';

const test = suite('engine/hostile-sources');

/** The first diagnostic's code, else how the evaluation of `data.p` ended. */
function outcome(...texts: readonly string[]): string {
  const policies = texts.map((text, at) => ({ name: `${at}.policy`, text }));
  const { policySet, diagnostics } = compilePolicies({ policies }, { inputSchema: 'contract' });
  const [first] = diagnostics;
  if (first !== undefined) return first.code;
  if (policySet === undefined) return 'nothing';
  const evaluation = evaluatePath(policySet, ['p'], { input: {} });
  return evaluation.ok ? 'evaluated' : evaluation.error.code;
}

const rules = (count: number, rule: (at: number) => string): string =>
  `package p\n${Array.from({ length: count }, (_, at) => rule(at)).join('\n')}\n`;
const rule = (text: string): string => `package p\n${text}\n`;
/** `open` so many times, then `middle`, then `close` as often. */
const nest = (open: string, middle: string, close: string, depth: number): string =>
  rule(`${open.repeat(depth)}${middle}${close.repeat(depth)}`);

test('a million open brackets are one fault', () => {
  assert.is(outcome(`package p\nx := ${'['.repeat(1_000_000)}`), 'parse/limit');
});

test('every construct is read to the bound of nesting and refused beyond it', () => {
  for (const [open, middle, close] of [
    ['x := [', '1', ']'],
    ['x := {"a": ', '1', '}'],
    ['x := (', '1', ')'],
    ['x := [y | y := ', '1', ']'],
    ['x := {1: y | y := ', '1', '}'],
    ['x if { not ', 'false', '}'],
    ['x if { every _ in [1] ', '{ true }', '}'],
    ['x := input[', '"a"', ']'],
    ['x := $"{', '1', '}"'],
  ] as const) {
    const [head, ...again] = open.split(/(?<=:= |if )/);
    const text = (depth: number): string =>
      rule(`${head}${again.join('').repeat(depth)}${middle}${close.repeat(depth)}`);
    assert.is.not(outcome(text(40)), 'parse/limit', open);
    assert.is(outcome(text(10_000)), 'parse/limit', open);
  }
});

test('negations and universal bodies in each other end at the bound too', () => {
  const not = 'import future.keywords.not\nx if ';
  assert.is(
    outcome(nest('', `${not}${'not { '.repeat(60)}true${' }'.repeat(60)}`, '', 1)),
    'evaluated',
  );
  assert.is(outcome(rule(`${not}${'not { '.repeat(5000)}true${' }'.repeat(5000)}`)), 'parse/limit');
});

test('a path of names is bounded in a reference, a head, a package and an import', () => {
  const dots = '.a'.repeat(100_000);
  for (const text of [
    rule(`x := input${dots}`),
    rule(`x${dots} := 1`),
    `package p${dots}\nx := 1\n`,
    rule(`import data${dots}\nx := a`),
  ])
    assert.is(outcome(text), 'parse/limit');
});

test('a type that doubles with every rule or variable is given up before it is large', () => {
  // Their values are shared, and too large to be given to anybody.
  assert.is(
    outcome(`${rules(300, (at) => `a${at + 1} := [a${at}, a${at}]`)}a0 := 1`),
    'eval_limit_error',
  );
  assert.is(
    outcome(`${rules(300, (at) => `a${at + 1} := {"l": a${at}, "r": a${at}}`)}a0 := 1`),
    'eval_limit_error',
  );
  const body = Array.from({ length: 200 }, (_, at) => `a${at + 1} := [a${at}, a${at}]`);
  assert.is(outcome(rule(`x if {\na0 := 1\n${body.join('\n')}\n}`)), 'evaluated');
  assert.is(
    outcome(`${rules(300, (at) => `f${at + 1}(x) := [f${at}(x), f${at}(x)]`)}f0(x) := x`),
    'evaluated',
  );
});

test('a union of thousands of object types is joined', () => {
  const text = rules(10_000, (at) => `o contains {"a${at}": ${at}} if input.session.rows == ${at}`);
  assert.is(outcome(text), 'evaluated');
});

test('a body of thousands of statements in the worst order is ordered', () => {
  const body = Array.from({ length: 10_000 }, (_, at) => `v${at} = v${at + 1}`).join('\n');
  assert.is(outcome(rule(`x if {\n${body}\nv10000 = 1\n}`)), 'evaluated');
});

test('thousands of tests that read thousands of rules of one name are checked', () => {
  const text = rules(
    10_000,
    (at) =>
      `block contains "${at}" if input.session.rows == ${at}\nt_${at} if block["${at}"] with input as {}`,
  );
  const { diagnostics } = compilePolicies({ policies: [{ name: 'a', text }] });
  assert.equal(diagnostics, []);
});

test('a circle of thousands of rules is one fault with a bounded text', () => {
  const text = rules(5000, (at) => `r${at} := r${(at + 1) % 5000}`);
  const { diagnostics } = compilePolicies({ policies: [{ name: 'a', text }] });
  assert.equal(
    diagnostics.map(({ code }) => code),
    ['check/recursion'],
  );
  assert.ok((diagnostics[0]?.message.length ?? 0) < 1000);
});

test('a hundred thousand rules in several files compile', () => {
  const files = Array.from({ length: 20 }, (_, file) =>
    rules(5000, (at) => `r_${file}_${at} if input.session.rows == ${at}`),
  );
  const policies = files.map((text, at) => ({ name: `${at}`, text }));
  const { policySet, diagnostics } = compilePolicies({ policies }, { inputSchema: 'contract' });
  assert.equal(diagnostics, []);
  assert.is(policySet?.modules.rulesByPath.size, 100_000);
});

test('as many faulty rules give a bounded list that says it was cut', () => {
  const { diagnostics } = compilePolicies({
    policies: [{ name: 'a', text: rules(20_000, (at) => `r${at} := y${at}`) }],
  });
  assert.is(diagnostics.length, 101);
  assert.is(diagnostics.at(-1)?.code, 'check/limit');
});

test('ten megabytes are refused by their size, before anything reads them', () => {
  assert.is(outcome(`package p\nx := "${'a'.repeat(10 * 1024 * 1024)}"\n`), 'parse/limit');
});

test('NUL, lone surrogates and direction controls are faults where they stand', () => {
  assert.is(outcome('package p\nx := "a\0b"\n'), 'parse/invalid-character');
  assert.is(outcome('package p\nx := "a\uD800b"\n'), 'parse/invalid-character');
  assert.is(outcome('package p\n# \u202E\nx := 1\n'), 'parse/hidden-text');
  assert.is(outcome('package p\nx := "\u2066"\n'), 'parse/hidden-text');
  assert.is(outcome('\0'.repeat(100_000)), 'parse/invalid-character');
});

test('text that is no policy at all ends in diagnostics', () => {
  for (const text of [
    '',
    ' ',
    '"'.repeat(50_000),
    '`',
    '# METADATA\n'.repeat(20_000),
    '{'.repeat(50),
    'package '.repeat(20_000),
  ])
    assert.match(outcome(text), /^(parse|check)\//);
});

test('an evaluation that would never end is ended by its limits', () => {
  const text = rule(
    'x := count([1 | some a, b, c, d in numbers.range(1, 5000)])'.replace(
      'some a, b, c, d in',
      'some a in numbers.range(1, 5000); some b in numbers.range(1, 5000); some c in',
    ),
  );
  assert.is(outcome(text), 'eval_limit_error');
});

test.run();
