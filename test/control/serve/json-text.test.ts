import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { indentJson, objectText } from '../../../control/serve/json-text.ts';

const test = suite('control/serve/json-text');

test('any JSON text is indented as JSON.stringify does it', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      assert.is(indentJson(JSON.stringify(value)), JSON.stringify(value, undefined, 2));
    }),
  );
});

test('brackets, quotes and backslashes within strings are text', () => {
  const value = { 'a{"b': '[\\"},{:', c: [] as unknown[], d: {}, e: '\\' };
  assert.is(indentJson(JSON.stringify(value)), JSON.stringify(value, undefined, 2));
  const long = JSON.stringify({ text: '\\"x'.repeat(500_000) });
  assert.is(indentJson(long), JSON.stringify(JSON.parse(long), undefined, 2));
});

test('members that are undefined are left out', () => {
  assert.is(objectText({ a: '1', b: undefined, 'c"': '{}' }), '{"a":1,"c\\"":{}}');
  assert.is(objectText({}), '{}');
});

test.run();
