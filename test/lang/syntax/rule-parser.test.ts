import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseModule } from '../../../lang/parse.ts';
import { moduleOf, outline, ruleFaultsOf, ruleOf } from '../../support/syntax.ts';

const test = suite('lang/syntax/rule-parser');

test('reads every form of head', () => {
  const heads: readonly [string, string][] = [
    ['p := 1', 'p'],
    ['p if x', 'p'],
    ['p.q[x].r := 1 if x', 'p["q"][x]["r"]'],
    ['p[x] contains y if y', 'p[x]'],
    ['p.if.not := 1', 'p["if"]["not"]'],
    ['if.x := 1', 'if["x"]'],
    ['f(1, [x, _], {"k": y}) := true', 'f'],
    ['default p := {"a": [x | x := 1]}', 'p'],
    ['default f(_, _) := 1', 'f'],
  ];
  for (const [text, ref] of heads) assert.is(outline(ruleOf(text).head.ref), ref, text);
});

test('braces after `if` are a value where a value parses, but never a plain set', () => {
  const body = (text: string): string | undefined => {
    const expr = ruleOf(text).body?.literals[0]?.expr;
    return expr?.kind === 'TermExpr' ? outline(expr.term) : expr?.kind;
  };
  assert.is(body('p if { x }'), 'x');
  assert.is(body('p if {"a": 1}'), '{"a": 1}');
  assert.is(body('p if {x | x := 1}'), 'SetComprehension');
  assert.is(body('p if {x} == {y}'), '(== {x} {y})');
  assert.is(body('p if {x, y in z}'), '(in x y z)');
  assert.is(body('p if {x}[y]'), '{x}[y]');
});

test('nothing follows an else without a body', () => {
  assert.is(ruleFaultsOf('p := 1 if x else := 2 else := 3').length, 1);
  assert.is(ruleFaultsOf('p := 1 if x else := 2 if y else := 3').length, 0);
});

test('else branches hang on their rule', () => {
  const rule = ruleOf('p := 1 if { x } else := 2 if y else := 3');
  assert.equal(
    rule.else.map(({ value, body }) => [value && outline(value), body !== undefined]),
    [
      ['2', true],
      ['3', false],
    ],
  );
  assert.equal(ruleFaultsOf('p[x] := 1 if y else := 2'), ['parse/invalid-rule: else := 2']);
  assert.equal(ruleFaultsOf('p contains x if y else := 2'), ['parse/invalid-rule: else := 2']);
});

test('a second body makes a second rule with the same head', () => {
  assert.is(moduleOf('package a\np if { x } { y }').rules.length, 2);
});

test('the syntax before Rego v1 is refused with what to write', () => {
  const help = (text: string): readonly (string | undefined)[] =>
    parseModule({ name: 'old', text: `package a\n${text}` }).diagnostics.map(
      (d) => `${d.code} ${d.help}`,
    );
  assert.equal(help('p { x }'), ['refused/v0-syntax write `p if { ... }`']);
  assert.equal(help('p[x] { x }'), ['refused/v0-syntax write `p contains x if { ... }`']);
  assert.equal(help('f(x) = y { y }'), ['refused/v0-syntax write `f(x) = y if { ... }`']);
  assert.equal(help('p["a"]'), ['refused/v0-syntax write `p contains "a"`']);
});

test('defaults are constant and their parameters plain', () => {
  assert.equal(ruleFaultsOf('default p := x'), ['parse/invalid-rule: x']);
  assert.equal(ruleFaultsOf('default p := [1 + 1]'), ['parse/invalid-rule: 1 + 1']);
  assert.equal(ruleFaultsOf('default f([x]) := 1'), ['parse/invalid-rule: [x]']);
  assert.equal(ruleFaultsOf('default f(x, x) := 1'), ['parse/invalid-rule: x']);
});

test('a rule without body and value is no rule', () => {
  assert.equal(ruleFaultsOf('p'), ['parse/invalid-rule: p']);
  assert.equal(ruleFaultsOf('p.q.r'), ['parse/invalid-rule: p.q.r']);
  assert.equal(ruleFaultsOf('every := 1'), ['parse/unexpected-token: every']);
});

test('a rule has a name', () => {
  for (const text of ['_ := 1', '_.a := 1', '_(x) := x', 'default _ := 1'])
    assert.match(ruleFaultsOf(text)[0] ?? '', /parse\/invalid-rule/, text);
  assert.equal(ruleFaultsOf('_p := 1'), []);
});

test('what is copied from other languages is one fault that says what to write', () => {
  const told = (text: string): readonly string[] =>
    parseModule({ name: 'a', text: `package a\n${text}\n` }).diagnostics.map(
      ({ message, help }) => `${message}: ${help}`,
    );
  assert.equal(told('// why'), ['expected a rule, found `/`: a comment begins with `#`']);
  assert.equal(told('-- why'), ['expected a rule, found `-`: a comment begins with `#`']);
  assert.equal(told('my-rule if x'), [
    'a name cannot hold `-`: names have letters, digits and `_`',
  ]);
  assert.equal(told("p if x == 'a'"), [
    "`'` cannot stand in a policy: a string stands between double quotes, or between back-ticks",
  ]);
  assert.equal(told('p if !x'), [
    '`!` cannot stand in a policy: a condition is negated with `not`',
  ]);
  assert.match(told('p if x or y')[0] ?? '', 'write a second rule of the same name');
  assert.match(told('p if x and y')[0] ?? '', 'conditions stand on lines of their own');
  assert.match(told('default p := 1 if x')[0] ?? '', 'a `default` has no condition');
  assert.match(told('p if not some x in y')[0] ?? '', 'write it as a rule of its own');
});

test('a package with a hyphen is told as that, not as missing', () => {
  const { diagnostics } = parseModule({ name: 'a', text: 'package my-policy\n\np := 1\n' });
  assert.equal(
    diagnostics.map(({ message }) => message),
    ['a name cannot hold `-`'],
  );
});

test('a body that is not closed is one fault, with the bracket, and the rules after it are read', () => {
  const text = 'package a\np if {\n\tx\n\nq contains 1 if {\n\ty\n}\n\nr if := 1\n';
  const { diagnostics } = parseModule({ name: 'a', text });
  assert.equal(
    diagnostics.map(({ message }) => message),
    ['a rule begins before the body above it is closed', 'expected a rule body, found `:=`'],
  );
  const [unclosed] = diagnostics;
  assert.is(text.slice(unclosed?.span.start, unclosed?.span.end), 'q');
  assert.is(unclosed?.related?.[0]?.span.start, text.indexOf('{'));
  const [atEnd] = parseModule({ name: 'a', text: 'package a\np if f(x\n' }).diagnostics;
  assert.is(atEnd?.related?.[0]?.span.start, 'package a\np if f'.length);
});

test('a string over several lines is one fault', () => {
  assert.equal(ruleFaultsOf('p := "a\nb c\nd"'), ['parse/invalid-literal: "a']);
  assert.equal(ruleFaultsOf('p := "a\nq := 1\nr := "b'), [
    'parse/invalid-literal: "a',
    'parse/invalid-literal: "b',
  ]);
});

test.run();
