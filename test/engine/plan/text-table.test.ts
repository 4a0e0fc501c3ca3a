import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { internedText, TextTable } from '../../../engine/plan/text-table.ts';

const test = suite('engine/plan/text-table');

function tableOf(texts: readonly string[]): TextTable<number> | undefined {
  return TextTable.of(texts.map((text, at) => [text, at] as const));
}

test('finds each of its texts and no other, whatever they are', () => {
  const texts = fc.uniqueArray(
    fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^team-[0-9]{1,3}$/)),
    {
      minLength: 1,
      maxLength: 32,
    },
  );
  fc.assert(
    fc.property(texts, fc.string({ unit: 'binary' }), (given, other) => {
      const table = tableOf(given);
      if (table === undefined) return;
      for (const [at, text] of given.entries()) assert.is(table.get(`${text}`), at);
      const at = given.indexOf(other);
      assert.is(table.get(other), at < 0 ? undefined : at);
      for (const text of given)
        for (const near of [`${text}x`, text.slice(1), text.slice(0, -1), `x${text}`])
          if (!given.includes(near)) assert.is(table.get(near), undefined);
    }),
    { numRuns: 500 },
  );
});

test('keeps texts apart by one character, by two, or by their length', () => {
  assert.is(tableOf(['team-0', 'team-1', 'team-2'])?.spread.factor, 0);
  assert.is(tableOf(['a', 'aa', 'aaa'])?.get('aa'), 1);
  const pairs = [...'abcd'].flatMap((one) => [...'abcd'].map((two) => `${one}-${two}`));
  const table = tableOf(pairs);
  assert.ok((table?.spread.factor ?? 0) > 0);
  assert.equal(
    pairs.map((pair) => table?.get(pair)),
    pairs.map((_, at) => at),
  );
});

test('has no place for what is no text', () => {
  const table = tableOf(['1', '2']);
  assert.equal(
    [1, null, undefined, {}, ['1']].map((value) => table?.get(value)),
    Array(5).fill(undefined),
  );
});

test('gives up where texts are too many, or too alike', () => {
  const name = (at: number): string => `accounts_${String(at).padStart(5, '0')}`;
  assert.ok(
    tableOf(Array.from({ length: 32 }, (_, at) => `t${String.fromCharCode(65 + at)}`)) !==
      undefined,
  );
  assert.is(
    tableOf(Array.from({ length: 33 }, (_, at) => `t${String.fromCharCode(65 + at)}`)),
    undefined,
  );
  assert.is(tableOf([]), undefined);
  assert.is(tableOf(['', 'a']), undefined);
  // Two positions tell four of these apart, not eight.
  const alike = Array.from({ length: 8 }, (_, at) => `${at & 1}${(at >> 1) & 1}${(at >> 2) & 1}`);
  assert.is(tableOf(alike), undefined);
  assert.is(tableOf([name(1), name(10), name(100), name(1000), name(10_000)]), undefined);
});

test('an interned text is the same text', () => {
  for (const text of ['', '7', '__proto__', 'constructor', 'é\u2028', 'x'.repeat(100)])
    assert.is(internedText(text), text);
});

test.run();
