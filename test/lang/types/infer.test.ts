import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { check, faults } from '../../support/checked.ts';

const test = suite('lang/types/infer');

/** What is said of a rule: message and, after a dash, the advice. */
const told = (text: string): readonly string[] =>
  check([`package p\n${text}\n`]).diagnostics.map(({ message, help }) =>
    help === undefined ? message : `${message} - ${help}`,
  );

test('tells a comparison that can never hold, whatever stands on its sides', () => {
  assert.equal(told('p if 1 == "a"'), ['a number can never equal a string']);
  assert.equal(told('p if count(input.xs) == "1"'), ['a number can never equal a string']);
  assert.equal(told('q := {"a": 1}\np if { q = [x]; x }'), [
    'an object {"a": number} can never equal an array [something]',
  ]);
  assert.equal(told('p if { input.x == "a"; null < 1 }'), []);
});

test('tells what an argument is and what it must be', () => {
  assert.equal(told('p := upper(1)'), ['`upper` takes a string as `x`, not a number']);
  assert.equal(told('f(x) := 1 if x == "a"\np := f(2)'), [
    '`data.p.f` takes a string as argument 1, not a number',
  ]);
  assert.equal(told('q := 1 if input.x\np := concat("", q)').length, 1);
});

test('names operators as they are written, and the argument that does not fit', () => {
  const text = 'package p\nq := count([1]) + "a"\n';
  const [fault, ...others] = check([text]).diagnostics;
  assert.equal(others, []);
  assert.is(fault?.message, '`+` takes a number on its right side, not a string');
  assert.is(fault?.help, 'texts are joined by `concat` or `sprintf`');
  assert.is(text.slice(fault?.span.start, fault?.span.end), '"a"');
  assert.equal(told('p := count(3)'), [
    '`count` takes a string, an array, an object or a set as `collection`, not a number',
  ]);
});

test('a function in the place of a value is one fault, and an array says how it is read', () => {
  assert.equal(told('f(x) := x\np if f == 1'), [
    '`data.p.f` is a function and has no value - call it with its arguments',
  ]);
  assert.equal(told('q := ["a"]\np if { some x in [q]; x.name == "a" }'), [
    '`x` has no field `name` - it is an array: read its members with `some x in ...`',
  ]);
});

test('asks whether a field that is nearly there was meant, also of rules and literals', () => {
  assert.equal(told('q := {"statements": 1}\np := q.statments'), [
    '`data.p.q` has no field `statments` - did you mean `statements`?',
  ]);
  assert.equal(told('p := {"name": 1}.nmae'), [
    'this value has no field `nmae` - did you mean `name`?',
  ]);
  assert.equal(told('q.name := 1\np := q.nmae'), []);
});

test('takes nothing from a collection that is empty', () => {
  assert.equal(told('p if { x := []; x[_] }'), ['`x` is empty and has no members']);
  assert.equal(told('p if { some x in set(); x }'), ['this value is empty and has no members']);
  assert.equal(told('p if { x := {}; x.a }'), ['`x` is empty and has no members']);
  assert.equal(told('p if { x := [y | some y in input.x]; x[_] }'), []);
});

test('a replacement widens what it replaces and the rules that read it, in its statement only', () => {
  const rules = 'q := {"a": 1}\nr := q.a\n';
  assert.equal(told(`${rules}p if q.b with data.p.q as {"b": 1}`), []);
  assert.equal(told(`${rules}p if r == "x" with data.p.q as {"a": "x"}`), []);
  assert.equal(told(`${rules}p if { q.a with data.p.q as {"b": 1}; r == "x" }`), [
    'a number can never equal a string',
  ]);
});

test('a rule with and without a default, or of several bodies, has the types of all its values', () => {
  assert.equal(told('q := 1 if input.x\nq := "a" if input.y\np if q == "a"'), []);
  assert.equal(told('default q := "a"\nq := 1 if input.x\np if q == "a"'), []);
  assert.equal(told('q := 1 if input.x else := null\np if q == "a"'), [
    'null or a number can never equal a string',
  ]);
});

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
    ['an array [something] can never equal an array [something, something]'],
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

test('what is not known of a comprehension in a pattern when the statement begins is not learned in it', () => {
  const asked = 'object.get(y, 10, 1)';
  assert.equal(faults(`f(a) if { [input.s, y] = [a, {a | true}]; ${asked} }`), []);
  assert.equal(faults(`f(a) if { y := [{a | true}]; lower(a); object.get(y[0], 10, 1) }`), []);
  assert.is(faults(`f(a) if { lower(a); [y, 1] = [{a | true}, 1]; ${asked} }`).length, 1);
});

test.run();
