import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Expr } from '../../../lang/ast/nodes.ts';
import { literalsOf, ruleFaultsOf, ruleOf } from '../../support/syntax.ts';

const test = suite('lang/syntax/body-parser');
const kinds = (text: string): readonly string[] => literalsOf(text).map(({ expr }) => expr.kind);
const first = (text: string): Expr | undefined => ruleOf(text).body?.literals[0]?.expr;

test('a line break or a semicolon separates literals, an operator joins lines', () => {
  assert.equal(kinds('x := 1; y = 2\nnot z'), ['Assign', 'Unify', 'Not']);
  assert.equal(kinds('x ==\n1\n+ 2'), ['TermExpr']);
  assert.equal(ruleFaultsOf('p if { x y }'), ['parse/unexpected-token: y']);
  assert.equal(ruleFaultsOf('p if { x; }'), ['parse/unexpected-token: }']);
});

test('some declares names or iterates', () => {
  assert.equal(kinds('some x, y'), ['SomeDecl']);
  assert.equal(kinds('some k, v in xs'), ['SomeIn']);
  assert.equal(kinds('some {"a": b} in xs'), ['SomeIn']);
  assert.equal(ruleFaultsOf('p if { some f(x) }'), ['parse/unexpected-token: f(x)']);
});

test('every binds names only', () => {
  assert.equal(kinds('every k, v in {"a": 1} { k; v }'), ['Every']);
  assert.equal(ruleFaultsOf('p if { every [x] in xs { x } }'), ['parse/invalid-pattern: [x]']);
});

test('keywords begin references where nothing stands behind them but a dot or bracket', () => {
  assert.equal(kinds('if.x == 1\nnot["y"]\nin.z'), ['TermExpr', 'TermExpr', 'TermExpr']);
});

test('modifiers hang on the literal, also on the next line', () => {
  const [literal] = literalsOf('x\n\twith input.a as 1\n\twith data.b as f');
  assert.is(literal?.with.length, 2);
});

test('not takes braces only with its import', () => {
  const plain = first('p if { not {x | x := 1} }');
  assert.is(plain?.kind === 'Not' && plain.braces, false);
  const braced = first('import future.keywords.not\np if { not { x; y } }');
  assert.is(braced?.kind === 'Not' && braced.braces && braced.body.literals.length, 2);
});

test('a comprehension that begins a statement begins with no operand that OPA cannot read as a value', () => {
  const faultsIn = (body: string): readonly string[] =>
    ruleFaultsOf(`import future.keywords\np if { ${body} }`);
  const fault = (operand: string): string => `parse/ambiguous-operand: ${operand}`;
  assert.equal(faultsIn('{1 | { 0; 1 } or { 1 }} == {1}'), [fault('{ 0; 1 }')]);
  assert.equal(faultsIn('x := [1 | {2 | { y := 1; y } and a or { 1 }}]'), [fault('{ y := 1; y }')]);
  for (const body of [
    '{1 | { 0 } or { 1; 2 }}',
    '{1 | a; { 0; 1 } or { 1 }}',
    '{1 | { not a; 1 } or { 1 }}',
    '{1: 2 | { 0; 1 } or { 1 }}',
    'x := {1 | { 0; 1 } or { 1 }}',
  ])
    assert.equal(faultsIn(body), [], body);
});

test('and binds tighter than or, and both are names without their import', () => {
  const chain = first('import future.keywords\np if { a or b and not c }');
  assert.is(chain?.kind === 'Logical' && chain.operator, 'or');
  const right = chain?.kind === 'Logical' ? chain.right.literals[0]?.expr : undefined;
  assert.is(right?.kind === 'Logical' && right.operator, 'and');
  assert.equal(kinds('and\nor(a, b)'), ['TermExpr', 'TermExpr']);
  assert.equal(ruleFaultsOf('p if { a and b }'), ['parse/unexpected-token: and']);
});

test('a faulty operand in braces is a fault and nothing worse', () => {
  const text = 'import future.keywords.and\np if { { not { y = 1 } } and true }';
  assert.is(ruleFaultsOf(text)[0], 'parse/unexpected-token: =');
});

test('one faulty literal leaves the others to be read', () => {
  assert.equal(ruleFaultsOf('p if {\n\tx ==\n\t== 1\n\ty := 2\n\tz := \n}\nq := ]\nr := 1'), [
    'parse/unexpected-token: ==',
    'parse/unexpected-token: }',
    'parse/unexpected-token: ]',
  ]);
});

test.run();
