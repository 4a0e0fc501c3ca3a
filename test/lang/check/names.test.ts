import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { check, checkedRule, faults, faultsOfModules } from '../../support/checked.ts';

const test = suite('lang/check/names');

test('refuses a second declaration and a use before it', () => {
  const texts: readonly [string, string][] = [
    ['q if { x := 1; x := 2 }', 'check/redeclared-var: x'],
    ['q if { x = 1; x := 2 }', 'check/redeclared-var: x'],
    ['f(x) if { x := 1 }', 'check/redeclared-var: x'],
    ['q if { some x; input[x]; some x }', 'check/redeclared-var: x'],
    ['q if { some x; input.a }', 'check/unused-var: some x'],
    ['q if { input := 1 }', 'check/shadowed-document: input'],
    ['q if { 1 := 1 }', 'check/assign-target: 1'],
  ];
  for (const [text, fault] of texts) assert.equal(faults(text), [fault], text);
});

test('what an operand in braces names and does not declare cannot be declared after it, as in OPA', () => {
  const verdict = (body: string): readonly string[] =>
    faults(
      `import future.keywords.and\nimport future.keywords.not\nq if { ${body}; y := 1; y == 1 }`,
    );
  const refused = [
    '{ y = 1; y == 1 } and true',
    'true and { { y = 1 } and true }',
    '{ every x in [1] { y = x; y == 1 } } and true',
    '{ not { y = 1 } } and true',
  ];
  for (const body of refused) assert.equal(verdict(body), ['check/redeclared-var: y'], body);
  const within = `not { { y } and true; some y in [1] }; every x in [1] { { [y] } and x; y := x; y }`;
  const code = 'check/redeclared-var';
  assert.equal(verdict(within), [`${code}: some y in [1]`, `${code}: y`]);
  for (const body of ['{ y := 1; y == 1 } and true', '{ [1 | y = 1][0] } and true'])
    assert.equal(verdict(body), [], body);
});

test('scopes inside `every` and `not` mean what these declare further on, as in OPA', () => {
  const later = (text: string): readonly string[] =>
    [...checkedRule(`import future.keywords.not\n${text}`).originalNames.values()].filter(
      (name) => name === 'y',
    );
  assert.equal(later('q if { every x in [1] { [y | y = 1] != [x]; y := 2; y == 2 } }'), ['y']);
  assert.equal(later('q if { not { [y | y = 1] != []; y := 2; y == 2 } }'), ['y']);
  assert.equal(faults('q if { every x in [1] { y := [x | y = x]; y == y } }'), [
    'check/unsafe-var: y',
  ]);
  assert.equal(faults('q if { y := [1 | y = 1]; y == y }'), []);
});

test('a local hides a rule of the same name, but only in its body', () => {
  assert.equal(faults('x := 1\nq if { x := 2; x > 1 }\nr if x == 1'), []);
});

test('an inner declaration has a name of its own, which leads back to the text', () => {
  const { originalNames, rule } = checkedRule(
    'q := x if { x := 1; ys := [x | x := 2]; count(ys) == x }',
  );
  assert.is([...originalNames.values()].filter((name) => name === 'x').length, 2);
  assert.is(rule.head.value?.kind === 'Var' && originalNames.get(rule.head.value.name), 'x');
});

test('refuses `data` as a name of `some` and `every`', () => {
  for (const text of ['some data; true', 'some data in [1]', 'every data in [1] { true }'])
    assert.ok(
      check([`package p\nq if { ${text} }\n`]).diagnostics.some(
        ({ message }) => message === 'a variable cannot be named `data`',
      ),
      text,
    );
});

test('refuses two imports of one name', () => {
  assert.equal(faultsOfModules(['package p\nimport data.a.x\nimport data.b.x\nq if x\n']), [
    'check/duplicate-import: import data.b.x',
  ]);
  assert.equal(
    faultsOfModules(['package p\nimport data.a.x\nimport data.b.x as y\nq if x == y\n']),
    [],
  );
});

test('rules of a package are known in all its modules', () => {
  const { set } = check(['package p\nq := 1\n', 'package p\nr := q\n']);
  assert.equal([...(set?.rulesByPath.keys() ?? [])], ['p\0q', 'p\0r']);
});

test('a comprehension in a head cannot declare what it has used, even where the body has the name', () => {
  const redeclared = (rule: string): boolean =>
    faultsOfModules([`package p\n\n${rule}\n`]).some((fault) =>
      fault.startsWith('check/redeclared-var'),
    );
  for (const rule of [
    'f := [1 | x; x := 1] if x := 2',
    'f contains [1 | x; x := 1] if x := 2',
    'f(a) := [1 | a; a := 1]',
    'f := 1 if { input.q } else := [1 | x; x := 1] if x := 2',
    'f := [1 | x := x] if x := 2',
    'f := [1 | $"{x}"; x := 1] if x := 2',
    'f := [1 | every z in [1] { x; x := 1; z }] if x := 2',
  ])
    assert.ok(redeclared(rule), rule);
  for (const rule of [
    'f[[1 | x; x := 1]] := 2 if x := 2',
    'f := [[1 | x; x := 1] | x] if x := 2',
    'f := [y | [1 | x]; x := 1; y := x] if x := 2',
    'f if { x := 2; [1 | x; x := 1] }',
    'f if { x := 2; [1 | x := x] }',
  ])
    assert.not.ok(redeclared(rule), rule);
});

test('a template uses names where it stands', () => {
  assert.ok(
    faultsOfModules(['package p\n\nf if { $"{x}"; x := 1 }\n'])[0]?.startsWith(
      'check/redeclared-var',
    ),
  );
});

test('in a body of `every` a closure means what is declared before rather than what the body declares behind it', () => {
  assert.equal(faults(`q if { y := 1; every x in [1] { y := {y | y == y}; x == x } }`), []);
  assert.is(faults(`q if { every x in [1] { y := {y | y == y}; x == x } }`).length, 1);
});

test.run();
