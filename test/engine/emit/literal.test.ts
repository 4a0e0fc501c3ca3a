import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { numberLiteral, stringLiteral } from '../../../engine/emit/literal.ts';

const test = suite('engine/emit/literal');

test('a literal reads back as the text it was made of', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      assert.is(JSON.parse(stringLiteral(text)), text);
    }),
  );
});

test('a literal holds nothing that ends a string, a comment, a template or a script', () => {
  const hostile = [
    '"',
    "'",
    '`',
    '$' + '{x}',
    '*/',
    '//',
    '</script>',
    '\\',
    '\n',
    '\u2028',
    '\u2029',
  ];
  for (const text of hostile) {
    const inside = stringLiteral(text).slice(1, -1);
    assert.match(inside, /^(?:[A-Za-z0-9 _.,:-]|\\u[0-9a-f]{4})*$/);
  }
});

test('a number literal stands anywhere, and only finite numbers have one', () => {
  assert.is(numberLiteral(-3), '(-3)');
  assert.is(numberLiteral(2.5), '2.5');
  assert.throws(() => numberLiteral(Number.NaN), RangeError);
});

test.run();
