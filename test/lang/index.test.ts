/** The public face of lang, used as an embedding program would: nothing but its index. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type BuiltinTable,
  checkModules,
  childrenOf,
  DIAGNOSTIC_CODES,
  equalNodes,
  nodeAt,
  parseModule,
  parseQuery,
  parseTerm,
  positionAt,
  renderDiagnostic,
  typeFromSchema,
  visit,
} from '../../lang/index.ts';

const test = suite('lang/index');

/** A host's own table: what may be called, in the form of OPA's capabilities file. */
const builtins: BuiltinTable = new Map([
  [
    'equal',
    {
      name: 'equal',
      args: [{ type: 'any' }, { type: 'any' }],
      result: { type: 'boolean' },
      relation: false,
    },
  ],
]);

const source = { name: 'a.policy', text: 'package a\n\nallow if input.usr == "ada"\n' };

test('a module is parsed, checked and typed without files', () => {
  const { module, diagnostics } = parseModule(source);
  assert.equal(diagnostics, []);
  assert.ok(module);
  const open = checkModules([{ source, module }], { builtins });
  assert.equal(open.diagnostics, []);
  assert.is(open.set?.rulesByPath.size, 1);
  const inputType = typeFromSchema({ properties: { user: { type: 'string' } } });
  const [fault] = checkModules([{ source, module }], { builtins, inputType }).diagnostics;
  assert.is(fault?.code, 'type/undefined-field');
  assert.is(fault?.help, 'did you mean `user`?');
  assert.ok(fault !== undefined && fault.code in DIAGNOSTIC_CODES);
  assert.equal(positionAt(source, fault.span.start), { line: 3, column: 15 });
  assert.match(renderDiagnostic(fault, { colour: false }), 'a.policy:3:15');
});

test('types are left out where they are not asked for', () => {
  const { module } = parseModule(source);
  assert.ok(module);
  const inputType = typeFromSchema({ properties: { user: { type: 'string' } } });
  const { diagnostics } = checkModules([{ source, module }], {
    builtins,
    inputType,
    skipTypes: true,
  });
  assert.equal(diagnostics, []);
});

test('a tree is visited, searched and compared', () => {
  const { module } = parseModule(source);
  assert.ok(module);
  const kinds: string[] = [];
  visit(module, {
    enter: (node) => {
      kinds.push(node.kind);
    },
  });
  assert.ok(kinds.includes('Rule'));
  assert.ok([...childrenOf(module)].length > 0);
  assert.is(nodeAt(module, source.text.indexOf('ada'))?.kind, 'String');
  assert.ok(equalNodes(module, parseModule(source).module ?? module));
});

test('queries and terms are parsed alone, and faults come back as values', () => {
  assert.is(parseQuery({ name: 'q', text: 'x := 1; x > 0' }).body?.literals.length, 2);
  assert.is(parseTerm({ name: 't', text: '{"a": 1}' }).term?.kind, 'Object');
  assert.equal(
    parseTerm({ name: 't', text: '{"a": ' }).diagnostics.map(({ code }) => code),
    ['parse/unexpected-token'],
  );
});

test.run();
