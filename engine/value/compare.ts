/**
 * Rego's total order over all values, and what follows from it: equality and the canonical key.
 * null < booleans < numbers < strings (by UTF-8 bytes) < arrays < objects < sets; compound values compare element by element
 * in their own sorted order, then by length (OPA ast/compare.go). Nothing here allocates for scalars.
 */

import { bytesOf } from './bytes.ts';
import { EqualPairs } from './equal-pairs.ts';
import { BigDecimal, compareNumbers, isNumber, numberKey } from './number.ts';
import type { RegoObject } from './object.ts';
import type { RegoSet } from './set.ts';
import { shortKey } from './short-key.ts';
import type { Value } from './value.ts';

export type ValueKind = 'null' | 'boolean' | 'number' | 'string' | 'array' | 'object' | 'set';

const KIND_ORDER: Readonly<Record<ValueKind, number>> = {
  null: 0,
  boolean: 1,
  number: 2,
  string: 3,
  array: 4,
  object: 5,
  set: 6,
};

/** The type name Rego's `type_name` gives a value. */
export function kindOf(value: Value): ValueKind {
  switch (typeof value) {
    case 'string':
      return 'string';
    case 'number':
    case 'bigint':
      return 'number';
    case 'boolean':
      return 'boolean';
    default:
      if (value === null) return 'null';
      return isArray(value) ? 'array' : value.tag;
  }
}

/** `Array.isArray` for readonly arrays. */
export function isArray(value: Value | undefined): value is readonly Value[] {
  return Array.isArray(value);
}

export function isObject(value: Value | undefined): value is RegoObject {
  return typeof value === 'object' && value !== null && !isArray(value) && value.tag === 'object';
}

export function isSet(value: Value | undefined): value is RegoSet {
  return typeof value === 'object' && value !== null && !isArray(value) && value.tag === 'set';
}

/** Negative, zero or positive as `a` comes before, equals or comes after `b`. */
export function compareValues(a: Value, b: Value): number {
  return compareWithin(a, b, undefined);
}

function compareWithin(a: Value, b: Value, known: EqualPairs | undefined): number {
  if (typeof a === 'string' && typeof b === 'string') return compareStrings(a, b);
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  const kinds = KIND_ORDER[kindOf(a)] - KIND_ORDER[kindOf(b)];
  if (kinds !== 0) return kinds;
  if (isNumber(a) && isNumber(b)) return compareNumbers(a, b);
  if (typeof a === 'boolean') return Number(a) - Number(b);
  if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object') return 0;
  const pairs = known ?? new EqualPairs();
  if (a === b || pairs.has(a, b)) return 0;
  const order = compareCompounds(a, b, pairs);
  if (order === 0) pairs.add(a, b);
  return order;
}

function compareCompounds(a: Value, b: Value, pairs: EqualPairs): number {
  if (isArray(a) && isArray(b)) return compareLists(a, b, pairs);
  if (isSet(a) && isSet(b)) return compareLists(a.toSorted(), b.toSorted(), pairs);
  if (isObject(a) && isObject(b)) return compareObjects(a, b, pairs);
  return 0;
}

/** Order of the UTF-8 bytes of two strings, which is the order of their code points. */
export function compareStrings(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index += 1) {
    const x = a.charCodeAt(index);
    const y = b.charCodeAt(index);
    if (x === y) continue;
    const isCarried = (isLowSurrogate(x) || isLowSurrogate(y)) && !endsInHighSurrogate(a, index);
    return isCarried
      ? Buffer.compare(bytesOf(a.slice(index)), bytesOf(b.slice(index)))
      : codePointWeight(x) - codePointWeight(y);
  }
  return a.length - b.length;
}

/** A low surrogate that no high one precedes carries a byte that is no UTF-8: see `bytes.ts`. */
function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit < 0xe000;
}

function endsInHighSurrogate(text: string, end: number): boolean {
  const unit = end === 0 ? 0 : text.charCodeAt(end - 1);
  return unit >= 0xd800 && unit < 0xdc00;
}

/** UTF-16 puts surrogates (code points from U+10000) below U+E000..U+FFFF; bytes put them above. */
function codePointWeight(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}

function compareLists(a: readonly Value[], b: readonly Value[], pairs: EqualPairs): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index += 1) {
    const order = compareWithin(a[index] ?? null, b[index] ?? null, pairs);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

function compareObjects(a: RegoObject, b: RegoObject, pairs: EqualPairs): number {
  const x = a.toSortedEntries();
  const y = b.toSortedEntries();
  const length = Math.min(x.length, y.length);
  for (let index = 0; index < length; index += 1) {
    const [xKey, xValue] = x[index] ?? [null, null];
    const [yKey, yValue] = y[index] ?? [null, null];
    const order = compareWithin(xKey, yKey, pairs) || compareWithin(xValue, yValue, pairs);
    if (order !== 0) return order;
  }
  return x.length - y.length;
}

/** Rego's `==` on two defined values: 1 equals 1.0, and order in sets and objects does not matter. */
export function equalValues(a: Value, b: Value): boolean {
  return equalWithin(a, b, undefined);
}

function equalWithin(a: Value, b: Value, known: EqualPairs | undefined): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || a === null)
    return b instanceof BigDecimal && compareValues(a, b) === 0;
  if (b === null || typeof b !== 'object')
    return a instanceof BigDecimal && isNumber(b) && compareNumbers(a, b) === 0;
  const pairs = known ?? new EqualPairs();
  if (pairs.has(a, b)) return true;
  const isEqual = equalCompounds(a, b, pairs);
  if (isEqual) pairs.add(a, b);
  return isEqual;
}

function equalCompounds(a: Value & object, b: Value, pairs: EqualPairs): boolean {
  if (isArray(a)) {
    return (
      isArray(b) &&
      a.length === b.length &&
      a.every((item, i) => equalWithin(item, b[i] ?? null, pairs))
    );
  }
  if (a.tag === 'number') return isNumber(b) && compareNumbers(a, b) === 0;
  if (a.tag === 'set') {
    return isSet(b) && a.size === b.size && canonicalKey(a) === canonicalKey(b);
  }
  if (!isObject(b) || a.size !== b.size) return false;
  for (const [key, value] of a.entriesUnordered()) {
    const other = b.get(key);
    if (other === undefined || !equalWithin(value, other, pairs)) return false;
  }
  return true;
}

/** One text per value: equal for values that are equal and for no others. Strings carry their length, so no text can forge another. */
export function canonicalKey(value: Value): string {
  if (typeof value === 'string') return `"${value.length}:${value}`;
  if (value === null) return 'n';
  if (typeof value === 'boolean') return value ? 't' : 'f';
  if (isNumber(value)) return `#${numberKey(value)};`;
  return isArray(value) ? arrayKey(value, undefined) : value.key;
}

/** @param known the keys of arrays inside an array: one that is held many times is read once */
function arrayKey(value: readonly Value[], known: Map<Value, string> | undefined): string {
  let inner = known;
  let text = '[';
  for (const item of value) {
    if (!isArray(item)) {
      text += canonicalKey(item);
      continue;
    }
    inner ??= new Map();
    const key = inner.get(item) ?? arrayKey(item, inner);
    inner.set(item, key);
    text += key;
  }
  return shortKey(`${text}]`);
}
