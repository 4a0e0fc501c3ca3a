import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { check, faults } from '../../support/checked.ts';

const test = suite('lang/check/calls');

test('refuses unknown functions, wrong counts of arguments, and values of what yields none', () => {
  const texts: readonly [string, string][] = [
    ['q := cuont(input)', 'check/unknown-function: cuont'],
    ['q := count(1, 2, 3)', 'check/arity: count(1, 2, 3)'],
    ['f(x) := x\nq := f(1, 2)', 'check/arity: f(1, 2)'],
    ['r := 1\nq := r(1)', 'check/unknown-function: r'],
    ['q := print(1)', 'check/void-value: print(1)'],
    ['q if { count := 1; count(input) == count }', 'check/shadowed-function: count'],
  ];
  for (const [text, fault] of texts)
    assert.ok(faults(text).includes(fault), `${text}: ${faults(text)}`);
});

test('suggests the name that was meant', () => {
  const [fault] = check(['package p\nq := cuont(input)\n']).diagnostics;
  assert.is(fault?.help, 'did you mean `count`?');
});

test('suggests a function that is written without its package, or with a wrong one', () => {
  const [fault] = check(['package p\nq if string.startswith("a", "b")\n']).diagnostics;
  assert.is(fault?.help, 'did you mean `startswith`?');
});

test('a call of a name that a variable hides is one fault', () => {
  assert.equal(faults('q if { count := 3; count([1]) == count }'), [
    'check/shadowed-function: count',
  ]);
});

test('refuses builtins by name and says what to write instead', () => {
  const texts: readonly [string, string][] = [
    ['q := http.send({})', 'refused/network: http.send'],
    ['q := time.now_ns()', 'refused/clock: time.now_ns'],
    ['q := any([true])', 'refused/deprecated: any'],
    ['q := rand.intn("a", 2)', 'refused/random: rand.intn'],
  ];
  for (const [text, fault] of texts) assert.equal(faults(text), [fault], text);
  const [clock] = check(['package p\nq := time.now_ns()\n']).diagnostics;
  assert.match(clock?.message ?? '', 'which OPA supports');
  assert.is(clock?.help, 'read `input.context.now_ns`');
});

test('lets the host provide a refused builtin, and a test replace it', () => {
  const mocked = 'r := time.now_ns()\nq if r == 1 with time.now_ns as 1';
  assert.equal(faults('q := time.now_ns()', { provided: new Set(['time.now_ns']) }), []);
  assert.equal(faults(mocked, { allowMocked: true }), []);
  assert.equal(faults(mocked).length, 1);
});

test('refuses a modifier that cannot replace its target', () => {
  const texts = [
    'r.s := 1\nq if input.a with r.s.t as 1',
    'q if input.a with walk as count',
    'q if input.a with nothing.here as 1',
    'f(x) := x\nq if input.a with input as f',
  ];
  texts.push('q if { y = "a"; input.a with input[y] as 4 }', 'q if data.a with data[1] as 4');
  for (const text of texts) assert.ok(faults(text)[0]?.startsWith('check/with-target'), text);
});

test('a function with several definitions takes no pattern for its result', () => {
  const several = 'f(x) := 1 if x > 0\nf(x) := 2 if x < 1\n';
  const withElse = 'g(x) := 1 if x > 0 else := 2\n';
  assert.equal(faults(`${several}p if f(1, 2)`), ['refused/output-pattern: 2']);
  assert.equal(faults(`${withElse}p if { y := 2; g(1, y) }`), ['refused/output-pattern: y']);
  assert.equal(faults(`${withElse}p := [1 | g(1, {"k": x})]`, { skipTypes: true }), [
    'refused/output-pattern: {"k": x}',
  ]);
  assert.equal(faults(`${withElse}p := y if g(1, y)`), []);
  assert.equal(faults('f(x) := x\np if f(1, 1)'), []);
});

test('a parameter is no part of a document, and no set with variables', () => {
  for (const param of ['input.a', '[data.a]', '{"k": input.a}', '{x}', '[{_}]'])
    assert.ok(faults(`f(${param}) := 1`)[0]?.startsWith('check/parameter'), param);
  assert.equal(faults('f({1}, [x]) := x'), []);
});

test('a function that says nothing is true, and what takes no argument is a rule', () => {
  assert.equal(faults('f(x)\nq if f(1)'), []);
  assert.equal(faults('f() := 1\nq := f'), []);
  assert.ok(faults('f() := 1\nq := f()')[0]?.startsWith('check/unknown-function'));
});

test('`eq` is a statement, which has no value', () => {
  for (const text of ['q := eq(1, 1)', 'q if { x := eq(1, 1) }', 'q := {eq(1, 1)}'])
    assert.ok(faults(text)[0]?.startsWith('check/void-value'), text);
  assert.ok(faults('q if eq(1, 1, true)')[0]?.startsWith('check/arity'));
  assert.equal(faults('q if { eq(x, 1); not eq(x, 2) }'), []);
});

test.run();
