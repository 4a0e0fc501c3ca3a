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

test.run();
