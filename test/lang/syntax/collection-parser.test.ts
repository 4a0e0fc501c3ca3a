import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { outline, ruleFaultsOf, termOf } from '../../support/syntax.ts';

const test = suite('lang/syntax/collection-parser');
const read = (text: string): string => outline(termOf(text));

test('a bar after a lone term makes a comprehension', () => {
  assert.is(read('[x | x := xs[_]]'), 'ArrayComprehension');
  assert.is(read('{x | some x, y; z}'), 'SetComprehension');
  assert.is(read('{k: v | some k, v in xs}'), 'ObjectComprehension');
  assert.is(read('[a | b, c in d]'), 'ArrayComprehension');
});

test('any other bar is a union', () => {
  assert.is(read('[a | b, c]'), '[(| a b) c]');
  assert.is(read('[a | b == c, d]'), '[(== (| a b) c) d]');
  assert.is(read('[a + 1 | b]'), '[(| (+ a 1) b)]');
  assert.is(read('[(a | b)]'), '[(| a b)]');
  assert.is(read('{a: b | c, d: e}'), '{a: (| b c) d: e}');
  assert.is(read('[,a | b]'), '[(| a b)]');
});

test('braces are an object, a set or nothing', () => {
  assert.is(read('{}'), '{}');
  assert.is(termOf('{}').kind, 'Object');
  assert.is(termOf('set()').kind, 'Set');
  assert.is(read('{1, 2,}'), '{1 2}');
  assert.is(read('{"a": {"b": 1},}'), '{"a": {"b": 1}}');
  assert.equal(ruleFaultsOf('p := {1: 2, 3}'), ['parse/unexpected-token: }']);
  assert.equal(ruleFaultsOf('p := [1,,2]'), ['parse/unexpected-token: ,']);
});

test('in a list a comma separates, in parentheses it may give `in` a key', () => {
  assert.is(read('[a, b in c]'), '[a (in b c)]');
  assert.is(read('f(a, b in c)'), 'f(a (in b c))');
  assert.is(read('f((a, b in c))'), 'f((in a b c))');
});

test.run();
