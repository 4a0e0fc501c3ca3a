import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { equalNodes } from '../../../lang/ast/equal.ts';
import { moduleOf } from '../../support/syntax.ts';

const test = suite('lang/ast/equal');
const same = (left: string, right: string): boolean =>
  equalNodes(moduleOf(`package a\n${left}`), moduleOf(`package a\n${right}`));

test('places do not count', () => {
  assert.ok(same('p := [1,2] if { x; y }', 'p  :=\n[1, 2,] if {\n\tx\n\ty\n}'));
});

test('everything else counts', () => {
  assert.not(same('p := 1', 'p = 1'));
  assert.not(same('p := 1', 'p := 2'));
  assert.not(same('p := [1, 2]', 'p := [2, 1]'));
  assert.not(same('p := [1]', 'p := [1, 1]'));
  assert.not(same('p := "a"', 'p := `a`'));
  assert.not(same('p := a.b', 'p := a["b"]'));
  assert.not(same('p := 1 # a', 'p := 1 # b'));
  assert.not(same('p if x', 'p := true if x'));
});

test.run();
