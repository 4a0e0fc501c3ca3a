import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { faultsOf, literalsOf, outline, ruleFaultsOf, termOf } from '../../support/syntax.ts';

const test = suite('lang/syntax/term-parser');
const grouped = (text: string): string => outline(termOf(text));

test('operators bind as in OPA, to the left', () => {
  assert.is(grouped('1 + 2 * 3 - 4'), '(- (+ 1 (* 2 3)) 4)');
  assert.is(grouped('a | b & c == d'), '(== (| a (& b c)) d)');
  assert.is(grouped('1 < 2 < 3'), '(< (< 1 2) 3)');
  assert.is(grouped('x + 1 in xs'), '(in (+ x 1) xs)');
  assert.is(grouped('a in b in c'), '(in (in a b) c)');
  assert.is(grouped('(1 + 2) * 3'), '(* (+ 1 2) 3)');
});

test('a minus belongs to the number, and before anything else subtracts from zero', () => {
  assert.is(grouped('-1'), '-1');
  assert.is(grouped('- 1'), '-1');
  assert.is(grouped('1 - 1'), '(- 1 1)');
  assert.is(grouped('1 -1'), '(- 1 1)');
  assert.is(grouped('-x.y'), '(- 0 x["y"])');
});

test('references and calls chain where nothing stands between', () => {
  assert.is(grouped('a.b["c"][d].e'), 'a["b"]["c"][d]["e"]');
  assert.is(grouped('f(x, y,)'), 'f(x y)');
  assert.is(grouped('a.b.f(x)[0].g'), 'a["b"]["f"](x)[0]["g"]');
  assert.is(grouped('[1, 2][0]'), '[1 2][0]');
  assert.is(grouped('input.if.not["in"]'), 'input["if"]["not"]["in"]');
});

test('a gap ends a term', () => {
  assert.is(literalsOf('a\n[b]').length, 2);
  assert.is(literalsOf('f\n(x)').length, 2);
  assert.equal(ruleFaultsOf('p if { f (x) }'), ['parse/unexpected-token: (']);
  assert.equal(ruleFaultsOf('p if { a [x] }'), ['parse/unexpected-token: [']);
  assert.equal(ruleFaultsOf('p := a. b'), ['parse/unexpected-token: b']);
});

test('scalars have no parts', () => {
  assert.equal(ruleFaultsOf('p := "a"[0]'), ['parse/invalid-reference: "a"']);
  assert.equal(ruleFaultsOf('p := null.x'), ['parse/invalid-reference: null']);
});

test('strings resolve the escapes of JSON and no others', () => {
  assert.is(grouped(String.raw`"a\n\u00e9\/\"\\"`), JSON.stringify('a\né/"\\'));
  assert.is(grouped(String.raw`"\ud83d\ude00"`), JSON.stringify('😀'));
  assert.is(grouped(String.raw`"\ud800"`), JSON.stringify('\ufffd'));
  assert.is(grouped('`a\\n\nb`'), JSON.stringify('a\\n\nb'));
  assert.equal(ruleFaultsOf(String.raw`p := "a\qb"`), [String.raw`parse/invalid-literal: \q`]);
  assert.equal(ruleFaultsOf('p := "open'), ['parse/invalid-literal: "open']);
});

test('numbers are those of JSON, without leading zeros and of bounded size', () => {
  for (const text of ['0', '0.5', '1e3', '1E+3', '0e5', '12345678901234567890', '1e30102']) {
    assert.is(grouped(text), text);
  }
  for (const [text, number] of [
    ['.5', '0.5'],
    ['-.5e1', '-0.5e1'],
    ['. 00', '0.00'],
  ] as const) {
    assert.is(grouped(text), number);
  }
  for (const text of ['.', '.a', '.5.1']) assert.is(ruleFaultsOf(`p := ${text}`).length > 0, true);
  for (const text of ['01', '1.', '1a', '0x1F', '1_000', '1e', '1e30103']) {
    assert.equal(ruleFaultsOf(`p := ${text}`), [`parse/invalid-literal: ${text}`]);
  }
});

test('templates hold text, expressions, strings and templates', () => {
  const term = termOf('$"a\\{ {x} {$"{y} \\"z\\""}"');
  assert.is(term.kind, 'TemplateString');
  const kinds = term.kind === 'TemplateString' ? term.parts.map((part) => part.kind) : [];
  assert.equal(kinds, ['String', 'TemplateExpr', 'String', 'TemplateExpr']);
  const first = term.kind === 'TemplateString' ? term.parts[0] : undefined;
  assert.is(first?.kind === 'String' && first.value, 'a{ ');
});

test('templates refuse statements, emptiness and a missing end', () => {
  assert.equal(ruleFaultsOf('p := $"{x := 1}"'), ['parse/invalid-template: x := 1']);
  assert.equal(ruleFaultsOf('p := $"{}"'), ['parse/unexpected-token: }']);
  assert.equal(faultsOf('package a\np := $"a\nq := 1\n'), ['parse/unexpected-token: $"']);
});

test.run();
