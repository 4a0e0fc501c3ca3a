import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { faults } from '../../support/checked.ts';

const test = suite('lang/check/object-entries');

test('drops the values of a repeated key unchecked, but for the last', () => {
  assert.equal(faults('p if { x := 1; y := {x: x[_], x: 2} }'), []);
  assert.equal(faults('p := {1: nothing, 1.0: 2}'), []);
  assert.equal(faults('p := {1: 2, 1: nothing}'), ['check/unsafe-var: {1: 2, 1: nothing}']);
});

test('keeps wildcards apart', () => {
  assert.equal(faults('p if { {_: nothing, _: 2} }').length > 0, true);
});

test('takes templates out of a set before other calls', () => {
  assert.equal(faults('p if { count([], x); y := {(data.m & x), $"{x}"} }'), []);
  assert.equal(faults('p if { count([], x); y := [(data.m & x), $"{x}"] }').length, 1);
});

test('takes calls out of an object by its keys, numbers before texts', () => {
  const before = 'p if { [1, 2][x] = 1; y := ';
  assert.equal(faults(`${before}{"b": $"{x}", 1: product(x)} }`).length, 1);
  assert.equal(faults(`${before}{"b": $"{x}", "c": product(x)} }`), []);
  assert.equal(faults(`${before}{input.b: product(x), data.a: $"{x}"} }`), []);
});

test('takes calls out of a set by what they call', () => {
  const called = (items: string): readonly string[] => faults(`f(a) := {${items}}`);
  assert.is(called('(a > a), lower(a), bits.xor(a, a)').length, 1);
  assert.equal(called('(a > a), lower(a)'), []);
  assert.equal(faults('f(a) := {g(a), lower(a), bits.xor(a, 1)}\ng(x) := x').length, 1);
});

test('takes variables that nothing declares after references, by name', () => {
  const before = 'p if { walk(data.m, [x, y]); ';
  assert.is(faults(`${before}{x: true, input.b: y} == {x: 0.1, 1: 5} }`).length, 1);
  assert.equal(faults(`${before}{x: y, input.b: true} == {x: 0.1, 1: 5} }`), []);
});

test.run();
