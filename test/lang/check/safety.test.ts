import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { check, checkedBody, faults } from '../../support/checked.ts';

const test = suite('lang/check/safety');

test('moves a statement behind the one that binds its variables, and nothing else', () => {
  assert.equal(checkedBody('p if {\n x > 1\n y := 2\n x = input.a\n y < x\n}'), [
    'y := 2',
    'x = input["a"]',
    'y < x',
    'x > 1',
  ]);
});

test('accepts every way to bind a variable', () => {
  const bodies = [
    'input.xs[i] = x; i > x',
    '[x, {"k": y}] = input.a; x == y',
    '[x, y] = [y, 1]; x == 1',
    'walk(input, [path, value]); count(path) > 1; value == 2',
    'split(input.a, ",", parts); count(parts) == 2',
    'xs := [x | x = input.a[_]]; count(xs) > 0',
    'some k, v in input.a; k == v',
    'every k, v in input.a { k == v; w := k; w > 1 }',
    'startswith(lower(input.a[i]), upper(input.b[i]))',
    'p2[x] with input.a as 1; x == 2',
  ];
  for (const body of bodies) assert.equal(faults(`p2 contains 1\nq if { ${body} }`), [], body);
});

test('names a variable that nothing binds once, where it is used first', () => {
  const bodies: readonly [string, string][] = [
    ['x > 1; x < 3', 'x'],
    ['not x = input.a', 'x'],
    ['input.a[i] == count(i)', 'i'],
    ['y := x + 1; y > 1', 'x'],
    ['xs := [a | b = 1]; count(xs) > 0', 'a'],
    ['every v in input.a { v == z }', 'z'],
    ['1 == 1 with input as z', 'z'],
    ['[x, y] = [y, x]', 'x'],
    ['[y, z] = [unbound, 1]; y == z', 'unbound'],
  ];
  for (const [body, name] of bodies) {
    assert.equal(faults(`q if { ${body} }`), [`check/unsafe-var: ${name}`], body);
  }
  assert.equal(faults('q if { y := x + 1; z := y + x; z > 1 }'), ['check/unsafe-var: x']);
});

test('never advises a name that has no value either, or another short one', () => {
  const advice = check([
    'package p\nf(x) := x + y\nq if { some sent, send; sent == send }\n',
  ]).diagnostics.map(({ help }) => help);
  for (const help of advice) assert.match(help ?? '', 'bind it in the same body');
  assert.is(advice.length, 3);
});

test('a closure reads what its body binds but binds nothing outside', () => {
  assert.equal(faults('q if { x := 1; ys := [y | y := x]; count(ys) > 0 }'), []);
  assert.equal(faults('q if { count([y | y = 1]) > 0; y > 0 }'), ['check/unsafe-var: y']);
});

test('a head variable must be bound by the body', () => {
  assert.equal(faults('q contains x if { input.a }'), ['check/unsafe-var: x']);
  assert.equal(faults('q[x] := y if { x := 1 }'), ['check/unsafe-var: y']);
  assert.equal(faults('f(x) := x'), []);
});

test('a value that stands apart from its use becomes a statement of its own', () => {
  assert.equal(checkedBody('q if { count(input.a[i]) > j; j = i }'), [
    '$ := count(input["a"][i])',
    'j = i',
    '$ > j',
  ]);
});

test('a statement that stands twice and waits for its variables is refused as in OPA', () => {
  const unsafe = (body: string): readonly string[] => faults(`q if { ${body} }`);
  assert.equal(unsafe('x > 1.0; x > 1; x = 2'), ['check/unsafe-var: x']);
  assert.equal(unsafe('[1 | x]; true; [1 | x]; x = 2'), ['check/unsafe-var: x']);
  assert.equal(unsafe('x := 2; x > 1; x > 1'), []);
  assert.equal(unsafe('x > 1; x > 2; x = 3'), []);
  assert.equal(unsafe('x > y; x > y; x = 3; y = 2'), []);
  assert.equal(unsafe('count(x) > 0; count(x) > 0; x = [1]'), []);
});

test('a document named in an equation is nothing that it binds', () => {
  assert.equal(faults('q if { [data.b, x] = [input, {1 | x = 4}] }'), ['check/unsafe-var: x']);
});

test('refuses a statement that binds what a comprehension in it reads, even if a later one binds that too', () => {
  const text = 'p if { [x, y] = [1, [z | z = 1; x == 1]]; x = input.a; y == y }';
  assert.equal(faults(text), ['check/unsafe-var: x']);
  assert.equal(faults('p if { y = [z | z = 1; x == 1]; x = input.a; y == y }'), []);
});

test('a call that can conflict stays before a reference that would hide it', () => {
  const functions = 'f(x) := x';
  assert.equal(checkedBody(`q if { object.get(input.a, f(1), 2) == 3 }\n${functions}`), [
    '$ := data["p"]["f"](1)',
    'object["get"](input["a"], $, 2) == 3',
  ]);
  assert.equal(checkedBody(`q if { input[f(1)] }\n${functions}`), [
    '$ := data["p"]["f"](1)',
    'input[$]',
  ]);
  assert.equal(
    checkedBody(`q if { object.get(f({}), input.a, 2) == lower(input.b) }\n${functions}`),
    ['object["get"](data["p"]["f"](Object), input["a"], 2) == lower(input["b"])'],
  );
});

test('refuses a statement that enumerates just what its comprehension reads, as OPA does', () => {
  assert.equal(faults('q contains 1\np if { x = input.x; {q[x]: 1, 2: [y | y := x]} }').length, 1);
});

test('refuses an `every` behind which a call binds just what its braces read, as OPA does', () => {
  const refused = [
    'every x in [1] { x == 1; count([], y) }; count([], y)',
    'every x in [1] { y == x }; 1 == 1; split("a", "b", [y])',
    'every x in [1] { y == x }; every z in [1] { z == y }; count([], y)',
  ];
  for (const body of refused)
    assert.equal(faults(`p if { ${body} }`), ['check/unsafe-var: y'], body);
  const accepted = [
    'count([], y); every x in [1] { y == x }',
    'every x in [1] { y == x }; y = count([])',
    'every x in [1] { y == x }; walk([1], [y, _])',
    'every x in [1] { y == x }; input.xs[y]',
    'every x in [1] { y == x }; count([], y); z = 1; z == 1',
  ];
  for (const body of accepted) assert.equal(faults(`p if { ${body} }`), [], body);
});

test('finds nothing bound for a template by a statement under a mock with a builtin, as OPA does', () => {
  assert.equal(faults('p := $"{x - x}" if { x := {1} with upper as lower }'), [
    'check/undeclared-var: x - x',
  ]);
  assert.equal(faults('p := $"{x - x}" if { x := {1} with upper as json.marshal }'), []);
});

test('looks into templates inside templates', () => {
  assert.equal(faults('r contains 1\np := $"{$"{r[unbound]}"}"'), [
    'check/undeclared-var: r[unbound]',
  ]);
});

test.run();
