import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { valueAt } from '../../support/policies.ts';

const test = suite('engine/interpret/constant-places');

test('constant keys before the last make an object without any contribution', () => {
  assert.equal(valueAt('p.a', 'a[1][2] := 3 if false'), { 1: {} });
  assert.equal(valueAt('p.a', 'a[true][2] := 3 if false\n\na[true][3] := 4'), { true: { 3: 4 } });
  assert.equal(valueAt('p.a', 'a[1].b[x] := 3 if { x := 1; false }'), { 1: { b: {} } });
});

test('a set under a constant key is there while empty', () => {
  assert.equal(valueAt('p.a', 'a[1] contains 2 if false'), { 1: [] });
});

test('a variable key makes no place below it', () => {
  assert.equal(valueAt('p.a', 'a[1][2] := 3 if false\n\na[x][2] := 4 if x := 5'), { 5: { 2: 4 } });
  assert.equal(valueAt('p.a', 'a[1] := 3 if false'), {});
});

test.run();
