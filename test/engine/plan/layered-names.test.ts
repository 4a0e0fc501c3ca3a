import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { LayeredNames } from '../../../engine/plan/layered-names.ts';

const test = suite('engine/plan/layered-names');

test('knows in a layer what stands below it', () => {
  const outer = new LayeredNames<number>();
  outer.set('x', 1);
  const inner = new LayeredNames(outer);
  assert.ok(inner.has('x'));
  assert.is(inner.get('x'), 1);
  assert.is(inner.get('y'), undefined);
  outer.set('y', 2);
  assert.is(inner.get('y'), 2);
});

test('tells nobody below what a layer adds', () => {
  const outer = new LayeredNames<number>();
  outer.set('x', 1);
  const inner = new LayeredNames(outer);
  inner.set('x', 2);
  inner.set('y', 3);
  assert.is(inner.get('x'), 2);
  assert.is(outer.get('x'), 1);
  assert.not(outer.has('y'));
});

test('lists the names of all layers, the outermost first', () => {
  const outer = new LayeredNames<number>();
  const inner = new LayeredNames(outer);
  inner.set('b', 2);
  outer.set('a', 1);
  assert.equal(inner.keys(), ['a', 'b']);
  assert.equal(inner.values(), [1, 2]);
});

test.run();
