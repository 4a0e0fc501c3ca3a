import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { nodeAt, pathAt } from '../../../lang/ast/locate.ts';
import { moduleOf } from '../../support/syntax.ts';

const test = suite('lang/ast/locate');
const text = 'package a\np := count(input.name) if x == 1\n';
const module = moduleOf(text);

test('finds the innermost node', () => {
  const node = nodeAt(module, text.indexOf('name') + 1);
  assert.is(node?.kind === 'String' && node.value, 'name');
  assert.is(nodeAt(module, text.indexOf('1'))?.kind, 'Number');
});

test('a cursor just behind a name is on it', () => {
  const node = nodeAt(module, text.indexOf('count') + 'count'.length);
  assert.is(node?.kind === 'Var' && node.name, 'count');
});

test('the path runs from the root inwards', () => {
  const kinds = pathAt(module, text.indexOf('input')).map((node) => node.kind);
  assert.equal(kinds, ['Module', 'Rule', 'RuleHead', 'Call', 'Ref', 'Var']);
});

test('outside of the root there is nothing', () => {
  assert.is(nodeAt(module.package, text.length), undefined);
});

test.run();
