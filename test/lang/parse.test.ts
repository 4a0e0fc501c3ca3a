import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseModule, parseQuery, parseTerm } from '../../lang/parse.ts';
import { faultsOf, moduleOf } from '../support/syntax.ts';

const test = suite('lang/parse');

test('reads package, imports, rules and comments', () => {
  const module = moduleOf(
    '# top\npackage a.b["c d"]\nimport data.x as y\nimport input.z\np := 1 # end\r\n',
  );
  assert.equal(module.package.path, ['a', 'b', 'c d']);
  assert.equal(
    module.imports.map(({ path, alias }) => [path.join('.'), alias?.name]),
    [
      ['data.x', 'y'],
      ['input.z', undefined],
    ],
  );
  assert.equal(
    module.comments.map(({ text }) => text),
    [' top', ' end'],
  );
});

test('imports name documents or switches of the language', () => {
  const fault = (text: string): readonly string[] => faultsOf(`package a\n${text}\n`);
  assert.equal(fault('import rego.v1'), []);
  assert.equal(fault('import future.keywords.every'), []);
  assert.equal(fault('import foo.bar'), ['parse/invalid-import: import foo.bar']);
  assert.equal(fault('import data.x.if'), ['parse/invalid-import: import data.x.if']);
  assert.equal(fault('import future.keywords.maybe'), [
    'parse/invalid-import: import future.keywords.maybe',
  ]);
  assert.equal(fault('import data[x]'), ['parse/invalid-reference: [x]']);
});

test('a file without a package has that fault and no module', () => {
  assert.equal(faultsOf('p := 1'), ['parse/missing-package: p']);
  assert.is(parseModule({ name: 'empty', text: '' }).module, undefined);
});

test('characters that OPA forbids or that hide text are refused', () => {
  assert.equal(faultsOf('package a\np := "\0"'), ['parse/invalid-character: \0']);
  assert.equal(faultsOf('package a\n# \uFEFF'), ['parse/invalid-character: \uFEFF']);
  assert.equal(faultsOf('package a\n# \u202E'), ['parse/hidden-text: \u202E']);
  assert.equal(faultsOf('\uFEFFpackage a'), []);
});

test('a query is one or more literals, a term exactly one', () => {
  const { body } = parseQuery({ name: 'q', text: 'data.x.p = y; y > 1\nz' });
  assert.is(body?.literals.length, 3);
  assert.is(parseTerm({ name: 't', text: '{"a": {1, 2}}' }).term?.kind, 'Object');
  assert.is(parseTerm({ name: 't', text: 'x; y' }).diagnostics.length, 1);
  assert.is(parseQuery({ name: 'q', text: 'x }' }).diagnostics.length, 1);
  assert.is(parseQuery({ name: 'q', text: '' }).diagnostics.length, 1);
});

test('hostile sources end in a bounded number of faults', () => {
  const million = 1 << 20;
  const hostile: readonly [string, string][] = [
    [`p := ${'['.repeat(million)}`, 'parse/limit'],
    [`p := ${'('.repeat(million)}`, 'parse/limit'],
    [`p := ${'$"{'.repeat(1000)}`, 'parse/limit'],
    [`p := 1${'+1'.repeat(100_000)}`, 'parse/limit'],
    [`p := a${'.a'.repeat(100_000)}`, 'parse/limit'],
    ['#'.repeat(8 * million), 'parse/limit'],
    ['@ '.repeat(10_000), 'parse/invalid-character'],
    [`p := "${'a'.repeat(million)}`, 'parse/invalid-literal'],
    [']'.repeat(million), 'parse/unexpected-token'],
    ['a\n'.repeat(10_000), 'parse/invalid-rule'],
  ];
  for (const [text, code] of hostile) {
    const { diagnostics } = parseModule({ name: 'hostile', text: `package a\n${text}` });
    assert.is(diagnostics[0]?.code, code, text.slice(0, 20));
    assert.ok(diagnostics.length <= 130, text.slice(0, 20));
  }
});

test('the list of faults says where it was cut', () => {
  const { diagnostics } = parseModule({ name: 'many', text: `package a\n${'a\n'.repeat(500)}` });
  assert.is(diagnostics.length, 101);
  assert.is(diagnostics.at(-1)?.code, 'parse/limit');
});

test('a text cut at any place neither throws nor hangs', () => {
  const text =
    'package a\nimport future.keywords\np[x] := $"a{[y | some y in x]}" if { not {x: 1}; f(-1e3) } else := 2\n';
  for (let end = 0; end < text.length; end += 1) {
    assert.ok(Array.isArray(parseModule({ name: 'cut', text: text.slice(0, end) }).diagnostics));
  }
});

test.run();
