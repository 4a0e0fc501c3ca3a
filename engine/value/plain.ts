/**
 * Plain JavaScript data to values and back. What has no Rego form (functions, NaN, cycles) throws `ValueError`: that is a fault of
 * the embedding program, never of a policy.
 */
import { isArray, isObject } from './compare.ts';
import { ValueError } from './error.ts';
import { jsonKey, MAX_JSON_DEPTH } from './json.ts';
import { BigDecimal, fromDouble, fromInteger, isNumber } from './number.ts';
import { ObjectBuilder, RegoObject } from './object.ts';
import { RegoSet } from './set.ts';
import type { Value } from './value.ts';
import { assertWritable } from './written-parts.ts';

/** What a value becomes outside: a number too precise for a double becomes the nearest double, an integer beyond 2^53 a bigint. */
export type Plain = null | boolean | number | bigint | string | Plain[] | { [key: string]: Plain };

/**
 * JSON-like data, `bigint`, `Map` (keys of any kind), `Set` and ready values to a value. Members that are `undefined` are left
 * out. Throws `ValueError` for anything else. Of what is held in several places `known` has the values already made.
 */
export function fromPlain(data: unknown, depth = 0, known?: Map<object, Value>): Value {
  switch (typeof data) {
    case 'string':
      return data.isWellFormed() ? data : data.toWellFormed();
    case 'boolean':
      return data;
    case 'bigint':
      return fromInteger(data);
    case 'number':
      if (!Number.isFinite(data)) {
        throw new ValueError('value/not-representable', `${data} is not a number of Rego`);
      }
      return fromDouble(data);
    case 'object':
      return fromPlainObject(data, depth, known);
    default:
      throw new ValueError('value/not-representable', `a ${typeof data} is no value of Rego`);
  }
}

function fromPlainObject(
  data: object | null,
  depth: number,
  known = new Map<object, Value>(),
): Value {
  if (data === null) return null;
  if (data instanceof RegoObject || data instanceof RegoSet || data instanceof BigDecimal) {
    return data;
  }
  if (depth > MAX_JSON_DEPTH) {
    throw new ValueError('value/too-deep', `data is nested deeper than ${MAX_JSON_DEPTH} levels`);
  }
  const before = known.get(data);
  if (before !== undefined) return before;
  let isDeep = false;
  const value = convertParts(data, (part) => {
    isDeep ||= typeof part === 'object' && part !== null;
    return fromPlain(part, depth + 1, known);
  });
  // What holds scalars only is as quickly made anew as found.
  if (isDeep) known.set(data, value);
  return value;
}

function convertParts(data: object, convert: (part: unknown) => Value): Value {
  if (Array.isArray(data)) return data.map((item) => convert(item));
  if (data instanceof Set) return RegoSet.from([...data].map((item) => convert(item)));
  const builder = new ObjectBuilder();
  const entries: Iterable<readonly [unknown, unknown]> =
    data instanceof Map ? data : Object.entries(data);
  for (const [key, value] of entries) {
    if (value !== undefined) builder.set(convert(key), convert(value));
  }
  return builder.build();
}

/** The value as plain data, as `writeJson` would show it: sets as sorted arrays, other keys as JSON text. */
export function toPlain(value: Value): Plain {
  assertWritable(value);
  return plainOf(value);
}

function plainOf(value: Value): Plain {
  if (value === null || typeof value !== 'object') return value;
  if (isNumber(value)) return Number(value.text);
  if (isArray(value)) return value.map(plainOf);
  if (!isObject(value)) return value.toSorted().map(plainOf);
  const plain: { [key: string]: Plain } = {};
  for (const [key, member] of value.toSortedEntries()) {
    // Defined, not assigned: a key `__proto__` must be a member like any other.
    Object.defineProperty(plain, jsonKey(key), {
      value: plainOf(member),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return plain;
}
