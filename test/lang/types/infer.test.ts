import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { check, faults } from '../../support/checked.ts';

const test = suite('lang/types/infer');

test('forgets the type of a variable that stands in a template', () => {
  assert.equal(faults('p if { x := 1; y := $"t {x}"; x[z] }'), []);
});

test('types the value of a function with parameters that nothing is known of', () => {
  assert.equal(faults('f(a) := a\nf(_) := true\np if 3 + f(3) == 4'), []);
});

test('refuses to replace a function by one with other arguments', () => {
  assert.equal(faults('f(a, b) := a\np if true with count as f'), ['type/arity: with count as f']);
  assert.equal(faults('f(a) := a\np if true with count as f'), []);
  assert.equal(faults('p if true with upper as abs'), ['type/arity: with upper as abs']);
});

test('tries the members of a union on references inside a composite as on variables', () => {
  assert.equal(faults('q contains input.x\np := product({input.n, q})'), []);
});

test('speaks of what is not known without naming it a type', () => {
  const { diagnostics } = check(['package p\nf(a) if [a] = [a, a]\n']);
  assert.equal(
    diagnostics.map(({ message }) => message),
    ['array [something] can never equal array [something, something]'],
  );
});

test('takes what a comprehension inside a pattern yields for anything where it is not known whole', () => {
  assert.equal(faults('p := array.reverse(y) if [y] := [{a: set() | some a in [1]}]'), []);
  assert.equal(faults('p := array.reverse(y) if [y] := [{"a": "b" | true}]').length, 1);
});

test('an inner comprehension is typed without the outer one as well, as OPA does', () => {
  const rules = 'q contains 1\n';
  assert.equal(
    faults(`${rules}p := [1 | some x in input.a; {q[x]: 2 | count(x, 1)}]`).map(
      (fault) => fault.split(':')[0],
    ),
    ['type/undefined-field'],
  );
  assert.equal(faults(`${rules}p := [1 | some x in input.a; {q[x]: 2 | q[x]}]`), []);
  assert.equal(faults(`${rules}p if { some x in input.a; {q[x]: 2 | count(x, 1)} }`), []);
});

test.run();
