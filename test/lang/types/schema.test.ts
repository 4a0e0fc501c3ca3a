import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { printType } from '../../../lang/types/print.ts';
import { type JsonSchema, typeFromSchema } from '../../../lang/types/schema.ts';

const test = suite('lang/types/schema');
const typed = (schema: JsonSchema): string => printType(typeFromSchema(schema));

test('types of scalars, and of several at once, are theirs', () => {
  assert.is(typed({ type: 'string' }), 'string');
  assert.is(typed({ type: 'integer' }), 'number');
  assert.is(typed({ type: ['null', 'boolean'] }), 'null or boolean');
});

test('an object with properties is closed, one without takes any key', () => {
  assert.is(typed({ properties: { a: { type: 'number' } } }), 'object {"a": number}');
  assert.is(typed({ type: 'object' }), 'object {[string]: any}');
  assert.is(
    typed({ type: 'object', additionalProperties: { type: 'string' } }),
    'object {[string]: string}',
  );
});

test('items in a list are an array of exactly those', () => {
  assert.is(typed({ items: { type: 'string' } }), 'array of string');
  assert.is(typed({ items: [{ type: 'string' }, { type: 'null' }] }), 'array [string, null]');
});

test('anyOf joins its members with the properties beside it; allOf merges', () => {
  assert.is(typed({ anyOf: [{ type: 'string' }, { type: 'null' }] }), 'null or string');
  assert.is(
    typed({
      properties: { a: { type: 'number' } },
      anyOf: [{ properties: { b: { type: 'string' } } }],
    }),
    'object {"a": number} or object {"b": string}',
  );
  assert.is(
    typed({
      properties: { a: { type: 'number' } },
      allOf: [{ properties: { b: { type: 'string' } } }],
    }),
    'object {"a": number, "b": string}',
  );
});

test('what says nothing of the shape is anything', () => {
  for (const schema of [true, false, {}, { const: 1 }, { oneOf: [{ type: 'string' }] }])
    assert.is(typed(schema), 'any');
});

test('references lead into the document and into named ones, whose own references stay theirs', () => {
  const library = new Map([
    ['other', { $defs: { x: { $ref: '#/$defs/y' }, y: { type: 'number' } } }],
  ]);
  const schema = {
    properties: { here: { $ref: '#/$defs/a~1b' }, there: { $ref: 'other#/$defs/x' } },
    $defs: { 'a/b': { type: 'string' }, y: { type: 'null' } },
  };
  assert.is(printType(typeFromSchema(schema, library)), 'object {"here": string, "there": number}');
});

test('a reference that leads nowhere is anything and nothing is thrown', () => {
  for (const $ref of ['#/$defs/a', 'https://example.test/s.json', '#x', '#/%', '#/constructor'])
    assert.is(typed({ $ref }), 'any');
});

test('a schema that contains itself is cut', () => {
  const type = typeFromSchema({ properties: { next: { $ref: '#' } } });
  assert.is(type.kind, 'object');
});

test('a schema that contains itself many times over is cut as well', () => {
  const properties = Object.fromEntries(
    Array.from({ length: 50 }, (_, at) => [`p${at}`, { $ref: '#' }]),
  );
  assert.is(typeFromSchema({ properties }).kind, 'object');
});

test.run();
