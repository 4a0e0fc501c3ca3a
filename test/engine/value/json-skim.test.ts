import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { equalValues } from '../../../engine/value/compare.ts';
import { readJson, writeJson } from '../../../engine/value/json.ts';
import { skimJson } from '../../../engine/value/json-skim.ts';
import { RegoObject } from '../../../engine/value/object.ts';
import type { Value } from '../../../engine/value/value.ts';

const test = suite('engine/value/json-skim');

/** Longer than what is told apart, so that objects and arrays of it are made lazily. */
const FILLER = 'x'.repeat(5_000);

function object(value: Value | undefined): RegoObject {
  if (value instanceof RegoObject) return value;
  throw new Error('this is no object');
}

test('a large object has the entries of the text', () => {
  const users = Object.fromEntries(
    Array.from({ length: 300 }, (_, index) => [`u${index}`, { level: index, tags: ['a', index] }]),
  );
  const data = object(skimJson(JSON.stringify({ users, note: 'ok' })));
  const read = object(data.get('users'));
  assert.is(read.size, 300);
  assert.is(object(read.get('u7')).get('level'), 7);
  assert.is(read.get('u300'), undefined);
  assert.is(read.get(7), undefined);
  assert.is(data.get('note'), 'ok');
  assert.is(object(read.get('u7')), read.get('u7'));
});

test('the last of equal keys wins, and keys are read as JSON has them', () => {
  const text = `{"a":1,"\\u0061":2,"q\\"\\\\":3,"\\ud800":4,"filler":"${FILLER}"}`;
  const data = object(skimJson(text));
  assert.is(data.get('a'), 2);
  assert.is(data.get('q"\\'), 3);
  assert.is(data.get('\ufffd'), 4);
  assert.is(data.size, 4);
});

test('numbers keep their spelling', () => {
  const data = object(
    skimJson(`{"filler":"${FILLER}","a":1.50,"b":123456789012345678901,"c":1e3}`),
  );
  assert.is(writeJson(data.get('a') ?? null), '1.50');
  assert.is(data.get('b'), 123456789012345678901n);
  assert.is(writeJson(data.get('c') ?? null), '1e3');
});

test('items of a large array are the items of the text', () => {
  const items = Array.from({ length: 400 }, (_, index) =>
    index % 3 === 0 ? { empty: {}, id: index } : index % 3 === 1 ? [index] : `text ${index}`,
  );
  const text = JSON.stringify({ items });
  const read = object(skimJson(text)).get('items');
  assert.ok(Array.isArray(read));
  assert.is(writeJson(read as Value), JSON.stringify(items));
});

const json: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(null, true, false, 0, -1.5, 1e21, 'é\u0000"\\', '😀', FILLER),
    fc.string({ unit: 'binary' }),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.array(tie('value'), { maxLength: 5 }),
    fc.dictionary(fc.string({ unit: 'binary' }), tie('value'), { maxKeys: 5 }),
  ),
})).value;

test('what is skimmed equals what is read', () => {
  fc.assert(
    fc.property(json, fc.integer({ min: 0, max: 2 }), (data, indent) => {
      const text = JSON.stringify(data, undefined, indent);
      const [skimmed, reading] = [skimJson(text), readJson(text)];
      assert.ok(reading.ok && skimmed !== undefined);
      assert.ok(equalValues(skimmed, reading.value));
      assert.is(writeJson(skimmed), writeJson(reading.value));
    }),
    { numRuns: 300 },
  );
});

test('a damaged text is unsound to both readers, or sound to both', () => {
  const wrong = fc.constantFrom(...'{}[]",:\\/tfn0-+.eE \n\u0001', 'é', '\\u12', '01', '1.', '');
  fc.assert(
    fc.property(json, fc.nat(), fc.nat({ max: 3 }), wrong, (data, at, length, piece) => {
      const sound = JSON.stringify(data);
      const place = at % (sound.length + 1);
      const text = sound.slice(0, place) + piece + sound.slice(place + length);
      const reading = readJson(text);
      const skimmed = skimJson(text);
      assert.is(skimmed !== undefined, reading.ok, JSON.stringify(text.slice(0, 200)));
      if (reading.ok && skimmed !== undefined) assert.ok(equalValues(skimmed, reading.value));
    }),
    { numRuns: 2_000 },
  );
});

test('nesting is bounded as everywhere', () => {
  for (const depth of [1_000, 1_001]) {
    const text = `${'['.repeat(depth)}${']'.repeat(depth)}`;
    assert.is(skimJson(text) !== undefined, readJson(text).ok, String(depth));
  }
  assert.is(skimJson('['.repeat(100_000)), undefined);
});

test.run();
