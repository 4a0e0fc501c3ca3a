import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { InputKeys, MAX_KEY_CHARS, plainAt } from '../../../engine/reads/input-key.ts';
import { RegoSet } from '../../../engine/value/set.ts';

const test = suite('engine/reads/input-key');

const WHOLE = [[]];

function sameKey(left: unknown, right: unknown): boolean {
  const keys = new InputKeys();
  const [one, two] = [keys.of(left, WHOLE), keys.of(right, WHOLE)];
  assert.type(one, 'string');
  assert.type(two, 'string');
  return one === two;
}

/** Small documents of few letters, so that two of them are often almost alike. */
const documents = fc.letrec<{ document: unknown }>((tie) => ({
  document: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.constantFrom(null, true, false, 0, 1, 10, 1n, '', '1', 'a', '"1:a', 'a,', 'z', '?', '#1'),
    fc.array(tie('document'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('a', 'b', 'a,b', '1:a'), tie('document'), {
      maxKeys: 3,
      noNullPrototype: true,
    }),
  ),
})).document;

test('two documents have one key exactly when they are equal, order of members aside', () => {
  fc.assert(
    fc.property(documents, documents, (left, right) => {
      const sorted = JSON.stringify(left, order) === JSON.stringify(right, order);
      if (sameKey(left, right)) assert.ok(isDeepStrictEqual(left, right));
      else assert.not.ok(sorted && isDeepStrictEqual(left, right));
      assert.ok(sameKey(left, structuredClone(left)));
    }),
    { numRuns: 3_000, seed: 11 },
  );
});

/** Writes a bigint as no JSON is. */
function order(_name: string, value: unknown): unknown {
  return typeof value === 'bigint' ? { bigint: `${value}` } : value;
}

test('what never changes is found again as an equal object when it is small, else as the same', () => {
  const keys = new InputKeys();
  const small = (): unknown => Object.freeze(['engineering', 'dba']);
  assert.is(keys.of(small(), WHOLE), keys.of(small(), WHOLE));
  assert.is(keys.of(small(), WHOLE), keys.of(['engineering', 'dba'], WHOLE));
  const large = Object.freeze(['x'.repeat(300)]);
  assert.is(keys.of(large, WHOLE), keys.of(large, WHOLE));
  assert.is.not(keys.of(large, WHOLE), keys.of(Object.freeze([...large]), WHOLE));
});

test('values at different paths do not run into each other', () => {
  const keys = new InputKeys();
  const paths = [['a'], ['b']];
  assert.is.not(keys.of({ a: 'x', b: 'y;' }, paths), keys.of({ a: 'x;', b: 'y' }, paths));
  assert.is.not(keys.of({ a: [1], b: [] }, paths), keys.of({ a: [], b: [1] }, paths));
});

test('what is absent is told from null, and what no path reads does not count', () => {
  const keys = new InputKeys();
  assert.is.not(keys.of({}, [['a']]), keys.of({ a: null }, [['a']]));
  assert.is(keys.of({ a: 1, b: 1 }, [['a']]), keys.of({ a: 1, b: 2 }, [['a']]));
  assert.is(keys.of({ a: { b: undefined } }, [['a']]), keys.of({ a: {} }, [['a']]));
});

test('only own members of plain objects are found at a path', () => {
  assert.is(plainAt({ a: { b: 7 } }, ['a', 'b']), 7);
  assert.is(plainAt({ a: {} }, ['a', 'toString']), undefined);
  assert.is(plainAt({ a: 'text' }, ['a', 'length']), undefined);
  assert.is(plainAt({ a: [1] }, ['a', '0']), undefined);
});

test('an object that cannot change is known by what it is, not by what it holds', () => {
  const keys = new InputKeys();
  const [one, two] = [Object.freeze({ a: 'x'.repeat(9_000) }), Object.freeze({ a: 'x' })];
  assert.type(keys.of(one, WHOLE), 'string');
  assert.is(keys.of([one], WHOLE), keys.of([one], WHOLE));
  assert.is.not(keys.of(one, WHOLE), keys.of(two, WHOLE));
});

test('an object frozen only at its surface is written out', () => {
  const inner = { b: 1 };
  const keys = new InputKeys();
  const outer = Object.freeze({ inner });
  const before = keys.of(outer, WHOLE);
  inner.b = 2;
  assert.is.not(keys.of(outer, WHOLE), before);
  let count = 0;
  const counting = Object.freeze({
    get next() {
      count += 1;
      return count;
    },
  });
  assert.is.not(keys.of(counting, WHOLE), keys.of(counting, WHOLE));
});

test('what is long, deep, endless or no plain data has no key', () => {
  const keys = new InputKeys();
  const endless: unknown[] = [];
  endless.push(endless);
  const sum = Array.from({ length: MAX_KEY_CHARS }, () => 'x');
  class Own extends Array<number> {}
  const without: readonly unknown[] = [
    'x'.repeat(MAX_KEY_CHARS + 1),
    sum,
    endless,
    Object.freeze(new Map([['a', 1]])),
    new Date(0),
    RegoSet.from([1]),
    Number.NaN,
    () => 1,
    [undefined],
    Own.of(1),
  ];
  for (const value of without) assert.is(keys.of({ value }, [['value']]), undefined);
  const half = 'x'.repeat(MAX_KEY_CHARS - 10);
  assert.is(keys.of({ a: half, b: half }, [['a'], ['b']]), undefined);
});

test.run();
