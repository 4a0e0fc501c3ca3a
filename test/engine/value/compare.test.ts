/** The total order, equality, canonical keys, and the collections that rest on them. */
import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { bytesOf, textOf } from '../../../engine/value/bytes.ts';
import {
  canonicalKey,
  compareStrings,
  compareValues,
  equalValues,
} from '../../../engine/value/compare.ts';
import { readJson, writeJson } from '../../../engine/value/json.ts';
import { parseNumber } from '../../../engine/value/number.ts';
import { RegoObject } from '../../../engine/value/object.ts';
import { fromPlain } from '../../../engine/value/plain.ts';
import { RegoSet } from '../../../engine/value/set.ts';
import { termText } from '../../../engine/value/text.ts';
import type { Value } from '../../../engine/value/value.ts';

const test = suite('engine/value/compare');

const spelt = fc
  .constantFrom('1.0', '1', '1e0', '0.50', '0.5', '-0', '0', '12345678901234567890')
  .map((text) => parseNumber(text) ?? 0);
const scalar = fc.oneof(
  fc.constantFrom(null, true, false),
  spelt,
  fc.integer(),
  fc.string({ unit: 'binary' }),
);
const { value } = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    scalar,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.array(tie('value'), { maxLength: 4 }).map((items) => RegoSet.from(items)),
    fc
      .array(fc.tuple(tie('value'), tie('value')), { maxLength: 4 })
      .map((entries) => RegoObject.from(entries)),
  ),
}));

test('is a total order: antisymmetric, transitive, and zero only for equal values', () => {
  void fc.assert(
    fc.property(value, value, value, (a, b, c) => {
      assert.is(Math.sign(compareValues(a, b)), -Math.sign(compareValues(b, a)) + 0);
      if (compareValues(a, b) <= 0 && compareValues(b, c) <= 0) {
        assert.ok(compareValues(a, c) <= 0);
      }
      assert.is(compareValues(a, b) === 0, equalValues(a, b));
    }),
  );
});

test('gives equal values one canonical key and others different ones', () => {
  void fc.assert(
    fc.property(value, value, (a, b) => {
      assert.is(canonicalKey(a) === canonicalKey(b), equalValues(a, b));
    }),
  );
});

test('orders strings by their UTF-8 bytes', () => {
  void fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
      assert.is(Math.sign(compareStrings(a, b)), Buffer.compare(Buffer.from(a), Buffer.from(b)));
    }),
  );
  assert.ok(compareStrings('\uffff', '😀') < 0);
});

test('puts the kinds in the order of the language', () => {
  const values: Value[] = [RegoSet.EMPTY, RegoObject.EMPTY, [], 'a', 1, true, false, null];
  assert.is(writeJson([...values].sort(compareValues)), '[null,false,true,1,"a",[],{},[]]');
});

test('a set has what was added to it, once, whatever the spelling', () => {
  void fc.assert(
    fc.property(fc.array(value, { maxLength: 8 }), (items) => {
      const set = RegoSet.from(items);
      for (const item of items) assert.ok(set.has(item));
      const distinct = new Set(items.map(canonicalKey));
      assert.is(set.size, distinct.size);
      assert.is(set.union(set).size, set.size);
      assert.is(set.difference(set).size, 0);
      assert.ok(equalValues(set.intersection(set), set));
    }),
  );
});

test('an object finds its keys in every spelling and the last entry wins', () => {
  const object = RegoObject.from([
    [parseNumber('1.0') ?? 0, 'a'],
    [1, 'b'],
    ['1', 'c'],
    [[parseNumber('2.0') ?? 0], 'd'],
  ]);
  assert.is(object.size, 3);
  assert.is(object.get(1), 'b');
  assert.is(object.get(parseNumber('1e0') ?? 0), 'b');
  assert.is(object.get([2]), 'd');
  assert.is(termText(object), '{1.0: "b", "1": "c", [2.0]: "d"}');
  assert.is(object.without(1).size, 2);
});

test('null is a member like any other', () => {
  const object = RegoObject.from([['a', null]]);
  assert.is(object.get('a'), null);
  assert.ok(object.has('a'));
  assert.not(object.has('b'));
});

test('JSON text survives reading and writing, spelling included', () => {
  void fc.assert(
    fc.property(fc.jsonValue(), (data) => {
      const reading = readJson(writeJson(fromPlain(data)));
      assert.ok(reading.ok && equalValues(reading.value, fromPlain(data)));
    }),
  );
  const text = '{"a":[1.50,1e3,-0,12345678901234567890],"b":"\\u003c😀"}';
  const reading = readJson(text);
  assert.is(reading.ok && writeJson(reading.value), text);
});

test('refuses malformed and endless JSON with a place', () => {
  for (const text of ['', '[1,]', '{"a" 1}', '01', 'nul', '"\n"', '1 2', '[1']) {
    assert.not(readJson(text).ok, text);
  }
  const deep = readJson('['.repeat(100_000));
  assert.match(deep.ok ? '' : deep.message, /exceeded the limit/);
});

test('shows values as OPA prints terms', () => {
  const shown = termText(['a\u0001é😀\n', RegoSet.from([2, 1]), RegoSet.EMPTY, RegoObject.EMPTY]);
  assert.is(shown, '["a\\x01é😀\\n", {1, 2}, set(), {}]');
});

test('orders carried bytes among characters by what they are', () => {
  const texts = fc.uint8Array({ maxLength: 6 }).map(textOf);
  void fc.assert(
    fc.property(texts, fc.oneof(texts, fc.string({ unit: 'binary' })), (a, b) => {
      const wanted = Math.sign(Buffer.compare(bytesOf(a), bytesOf(b)));
      assert.is(Math.sign(compareStrings(a, b)), wanted, JSON.stringify([a, b]));
    }),
  );
  assert.ok(compareStrings(textOf(Uint8Array.of(0xeb)), '\u{1f600}') < 0);
});

test('carries any bytes through a string and back', () => {
  void fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      assert.equal([...bytesOf(textOf(bytes))], [...bytes]);
    }),
  );
});

test('a member named __proto__ stays a member', () => {
  const reading = readJson('{"__proto__":{"a":1}}');
  assert.is(reading.ok && writeJson(reading.value), '{"__proto__":{"a":1}}');
});

test('values that hold their parts twice on each of many levels are compared part by part once', () => {
  const LEVELS = 200;
  const doubled = (leaf: Value, wrap: (part: Value) => Value): Value => {
    let part = leaf;
    for (let level = 0; level < LEVELS; level += 1) part = wrap(part);
    return part;
  };
  const wraps: ((part: Value) => Value)[] = [
    (part) => [part, part],
    (part) =>
      RegoObject.from([
        ['l', part],
        ['r', part],
      ]),
  ];
  for (const wrap of wraps) {
    const [one, same, other] = [doubled(1, wrap), doubled(1, wrap), doubled(2, wrap)];
    assert.is(equalValues(one, same), true);
    assert.is(compareValues(one, same), 0);
    assert.is(equalValues(one, other), false);
    assert.ok(compareValues(one, other) < 0);
    assert.ok(compareValues([one, 2], [same, 1]) > 0);
  }
});

test('a part that is compared with several equal ones on each level is compared with each once', () => {
  let one: Value = [1];
  let [left, right]: [Value, Value] = [[1], [1]];
  for (let level = 0; level < 100; level += 1) {
    one = [one, one];
    [left, right] = [
      [left, right],
      [left, right],
    ];
  }
  assert.is(equalValues(one, left), true);
  assert.is(compareValues(right, one), 0);
});

test.run();
