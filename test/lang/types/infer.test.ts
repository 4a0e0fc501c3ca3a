import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { faults } from '../../support/checked.ts';

const test = suite('lang/types/infer');

test('forgets the type of a variable that stands in a template', () => {
  assert.equal(faults('p if { x := 1; y := $"t {x}"; x[z] }'), []);
});

test.run();
