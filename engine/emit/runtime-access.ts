/**
 * How generated code reads structure: what may be plain data of the host (`any`), or a value. Only own properties of plain data
 * count; names that a prototype has are read with care.
 */
import { member } from '../interpret/input-document.ts';
import { isMember } from '../interpret/membership.ts';
import { EvaluationFailure } from '../run/failure.ts';
import { compareStrings, compareValues, equalValues, isArray, isObject } from '../value/compare.ts';
import { BigDecimal, fromDouble } from '../value/number.ts';
import { RegoObject } from '../value/object.ts';
import { fromPlain } from '../value/plain.ts';
import { RegoSet } from '../value/set.ts';
import type { Value } from '../value/value.ts';
import type { MemberBits } from './emit-flags.ts';
import type { ReadMember } from './input-index.ts';
import { type ChosenEntries, findByMember } from './member-index.ts';
import type { CompiledWorld } from './world.ts';

/** What values of JavaScript have besides their own entries: such a name is never read without asking whose it is. */
const INHERITED: ReadonlySet<string> = new Set(
  [
    Object,
    Array,
    String,
    Number,
    Boolean,
    BigInt,
    Map,
    Set,
    RegoObject,
    RegoSet,
    BigDecimal,
  ].flatMap((made) => Object.getOwnPropertyNames(made.prototype)),
);
const OWN_NAMES: readonly string[] = ['tag', 'text', 'length'];

/** True when `x?.[name]` of plain data is its own entry or undefined. */
export function isDirectName(name: string): boolean {
  return !INHERITED.has(name) && !OWN_NAMES.includes(name);
}

function isPlainObject(data: unknown): data is Readonly<Record<string, unknown>> {
  return (
    typeof data === 'object' &&
    data !== null &&
    !Array.isArray(data) &&
    !(data instanceof RegoObject) &&
    !(data instanceof RegoSet) &&
    !(data instanceof BigDecimal) &&
    !(data instanceof Map) &&
    !(data instanceof Set)
  );
}

/** The value of anything: what leaves the plain domain goes through here. */
export function box(w: CompiledWorld, data: unknown): Value {
  switch (typeof data) {
    case 'string':
    case 'boolean':
      return data;
    case 'number':
      return Number.isSafeInteger(data) && !Object.is(data, -0) ? data : fromNumber(data);
    case 'object':
      return data === null ? null : w.e.box(data);
    default:
      return fromPlain(data);
  }
}

function fromNumber(data: number): Value {
  return Number.isFinite(data) ? fromDouble(data) : fromPlain(data);
}

/** Text read from plain data, as the language sees it. */
export function sound(data: unknown): unknown {
  return typeof data === 'string' && !data.isWellFormed() ? data.toWellFormed() : data;
}

/** `data[key]` for a key of any sort. */
export function memberOf(w: CompiledWorld, data: unknown, key: unknown): unknown {
  if (typeof key === 'string' && isPlainObject(data)) {
    return Object.hasOwn(data, key) ? data[key] : undefined;
  }
  if (Array.isArray(data)) {
    if (typeof key === 'number') return Number.isInteger(key) ? data[key] : undefined;
    return member(data, box(w, key));
  }
  if (typeof data !== 'object' || data === null) return undefined;
  if (isPlainObject(data)) return undefined;
  return member(box(w, data), box(w, key));
}

/** The input at a path of names. */
export function inputAt(w: CompiledWorld, names: readonly string[]): unknown {
  let data = w.i;
  for (const name of names) {
    if (data === undefined) return undefined;
    data = memberOf(w, data, name);
  }
  return data;
}

/** Base data at a path of names. */
export function baseAt(w: CompiledWorld, names: readonly string[]): Value | undefined {
  let value: Value | undefined = w.data;
  for (const name of names) value = member(value, name);
  return value;
}

/** Keys of plain data in the order of the language. */
function sortedKeys(data: Readonly<Record<string, unknown>>): readonly string[] {
  const keys = Object.keys(data).filter((key) => data[key] !== undefined);
  return keys.length < 2 ? keys : keys.sort(compareStrings);
}

const NOTHING: readonly unknown[] = [];

/** Values of a collection in order; none of a scalar. */
export function valuesOf(w: CompiledWorld, data: unknown): readonly unknown[] {
  if (Array.isArray(data)) return data;
  if (typeof data !== 'object' || data === null) return NOTHING;
  if (isPlainObject(data)) return sortedKeys(data).map((key) => data[key]);
  const value = box(w, data);
  if (isObject(value)) return value.values();
  return value instanceof RegoSet ? value.toSorted() : isArray(value) ? value : NOTHING;
}

/** Keys of a collection in the order of `valuesOf`. */
export function keysOf(w: CompiledWorld, data: unknown): readonly unknown[] {
  if (Array.isArray(data)) return data.map((_, index) => index);
  if (typeof data !== 'object' || data === null) return NOTHING;
  if (isPlainObject(data)) return sortedKeys(data);
  const value = box(w, data);
  if (isObject(value)) return value.keys();
  if (value instanceof RegoSet) return value.toSorted();
  return isArray(value) ? value.map((_, index) => index) : NOTHING;
}

/** The elements whose member at a path can equal something; undefined where all must be gone through. */
export function chosenEntries(
  w: CompiledWorld,
  data: unknown,
  path: readonly string[],
  wanted: unknown,
  isInput: boolean,
): ChosenEntries | undefined {
  if (wanted === undefined) return undefined;
  const asked = sound(wanted);
  // Plain data of the host can change between two evaluations; a value cannot.
  if (isInput) return Array.isArray(data) ? w.e.search(data, path, asked, readOf(w)) : undefined;
  return findByMember(w.e.context.caches.indexes, data, path, box(w, asked));
}

function readOf(w: CompiledWorld): ReadMember {
  return (data, name) => memberOf(w, data, name);
}

/** True for what `every` can range over. */
export function isCollection(data: unknown): boolean {
  return typeof data === 'object' && data !== null && !(data instanceof BigDecimal);
}

export function isArrayOf(data: unknown, length: number): boolean {
  return Array.isArray(data) && data.length === length;
}

export function isObjectOf(w: CompiledWorld, data: unknown, size: number): boolean {
  if (isPlainObject(data)) return sortedKeys(data).length === size;
  if (typeof data !== 'object' || data === null) return false;
  const value = data instanceof Map ? box(w, data) : data;
  return value instanceof RegoObject && value.size === size;
}

/** True for what is not false; what is no data at all is a fault of who asks. */
export function isHeld(data: unknown): boolean {
  if (typeof data === 'function' || typeof data === 'symbol') fromPlain(data);
  return data !== false;
}

/** Equality of the language. */
export function equal(w: CompiledWorld, a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a === 'string' || typeof a === 'boolean' || a === null) return false;
  if (typeof a === 'number' && typeof b === 'number') return false;
  return equalValues(box(w, a), box(w, b));
}

/** The order of the language. */
export function compare(w: CompiledWorld, a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return compareValues(box(w, a), box(w, b));
}

/** Arrays of more members count as work where one is looked for. */
const FEW_MEMBERS = 1_024;
const MEMBERS_PER_STEP = 64;

function chargeMembers(w: CompiledWorld, length: number): void {
  const over = w.e.context.charge(Math.ceil(length / MEMBERS_PER_STEP));
  if (over !== undefined) throw new EvaluationFailure('eval_limit_error', over.message);
}

/** `value in collection`. */
export function isIn(w: CompiledWorld, value: unknown, collection: unknown): boolean {
  if (collection instanceof RegoSet) return collection.has(box(w, value));
  if (Array.isArray(collection)) {
    if (collection.length > FEW_MEMBERS) chargeMembers(w, collection.length);
    for (let index = 0; index < collection.length; index += 1) {
      if (equal(w, collection[index], value)) return true;
    }
    return false;
  }
  return isMember([box(w, value), box(w, collection)]);
}

/** `key, value in collection`. */
export function isKeyedIn(
  w: CompiledWorld,
  key: unknown,
  value: unknown,
  collection: unknown,
): boolean {
  const found = memberOf(w, collection, key);
  return found !== undefined && equal(w, found, value);
}

/** Bits of all the texts that are in a collection; texts have to be ones that nothing equals but themselves. */
export function memberBits(w: CompiledWorld, collection: unknown, sought: MemberBits): number {
  let found = 0;
  if (Array.isArray(collection)) {
    for (let index = 0; index < collection.length; index += 1) {
      const bit = sought.bits.get(collection[index]);
      if (bit !== undefined) found |= bit;
    }
    return found;
  }
  for (const [text, bit] of sought.bits) if (isIn(w, text, collection)) found |= bit;
  return found;
}
