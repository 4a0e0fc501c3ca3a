import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { faults } from '../../support/checked.ts';

const test = suite('lang/types/references');

test('takes a rule with a constant number key for one member of a document that may have others', () => {
  assert.equal(faults('q[1] := 1\np if q["a"]'), []);
  assert.equal(faults('q[true] := 1\np if not q[q["a"]]'), []);
});

test('refuses a reference whose evaluated step is never a key', () => {
  assert.equal(faults('q[1] := 1\np if q[q]'), ['type/undefined-field: [q]']);
  assert.equal(faults('q contains 1\np if q[q]'), ['type/undefined-field: [q]']);
});

test('knows nothing of what a step evaluates to inside the body of every', () => {
  assert.equal(faults('q contains 1\np if every x in input.xs { x == q[q] }'), []);
});

test('never takes input for a variable that a pattern binds', () => {
  assert.equal(faults('p if { {"k": x} = input; input / 2 > x }'), []);
});

test('refuses a member of what has none, also inside comprehensions', () => {
  assert.equal(faults('p if { x := 1; x[_] }'), ['type/undefined-field: [_]']);
  assert.equal(faults('p if { x := 1; y := [1 | some z in x] }'), [
    'type/undefined-field: some z in x',
  ]);
});

test('takes only plain integers for indices', () => {
  assert.equal(faults('p := [1, 2][1]'), []);
  assert.equal(faults('p := [1, 2][1.0]'), ['type/undefined-field: [1.0]']);
});

test.run();
