/** Where two values differ, as a person is told. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { differencesBetween } from '../../../engine/trace/differences.ts';
import { RegoObject } from '../../../engine/value/object.ts';
import { RegoSet } from '../../../engine/value/set.ts';
import type { Value } from '../../../engine/value/value.ts';

const test = suite('engine/trace/differences');
const set = (...members: readonly Value[]): RegoSet => RegoSet.from(members);
const object = (fields: Readonly<Record<string, Value>>): RegoObject =>
  RegoObject.from(Object.entries(fields));

test('of sets the members are told that only one has', () => {
  assert.equal(differencesBetween(set('a', 'b'), set('b', 'c')), [
    'only in got: "a"',
    'only in want: "c"',
  ]);
});

test('of arrays and objects the places are told, all the way down', () => {
  const got = [object({ 'a b': set(1), level: 3, only: true }), 2, 3];
  const want = [object({ 'a b': set(), level: 4, missing: null }), 2];
  assert.equal(differencesBetween(got, want), [
    'at [0]["a b"]: only in got: 1',
    'at [0].level: 3, not 4',
    'at [0].only: true is not wanted',
    'at [0].missing: nothing, not null',
    'at [2]: 3 is not wanted',
  ]);
});

test('values of two kinds are told where they stand', () => {
  assert.equal(differencesBetween([1], [[1]]), ['at [0]: 1, not [1]']);
});

test('the first few are told and the rest counted', () => {
  const numbers = Array.from({ length: 20 }, (_, at) => at);
  const found = differencesBetween(numbers, []);
  assert.equal([found.length, found.at(-1)], [6, 'and 15 more']);
});

test('equal values, scalars, and an array beside a set have none', () => {
  assert.equal(differencesBetween([1], [1]), []);
  assert.equal(differencesBetween(1, 2), []);
  assert.equal(differencesBetween([1], set(1)), []);
});

test.run();
