/**
 * The `input` document. Plain data of the embedding program is converted only where a policy looks, once per place; a value is
 * used as it is.
 */

import { isArray, isObject, isSet } from '../value/compare.ts';
import { isNumber, toPlainInteger } from '../value/number.ts';
import { RegoObject } from '../value/object.ts';
import { fromPlain } from '../value/plain.ts';
import type { Value } from '../value/value.ts';

export class InputDocument {
  static readonly ABSENT = new InputDocument(undefined, true);

  readonly #root: unknown;
  readonly #isValue: boolean;
  readonly #converted = new Map<string, Value | undefined>();

  private constructor(root: unknown, isValue: boolean) {
    this.#root = root;
    this.#isValue = isValue;
  }

  /** A document of JSON-like data; see `fromPlain` for what may stand in it. */
  static ofPlain(data: unknown): InputDocument {
    return new InputDocument(data, data === undefined);
  }

  static ofValue(value: Value): InputDocument {
    return new InputDocument(value, true);
  }

  /** The value at a path of names; undefined where there is none. `key` names the path, `''` the whole document. */
  at(path: readonly string[], key: string): Value | undefined {
    if (this.#isValue) return path.reduce(member, this.#root as Value | undefined);
    if (this.#converted.has(key)) return this.#converted.get(key);
    const plain = path.reduce(plainMember, this.#root);
    const value = plain === undefined ? undefined : fromPlain(plain);
    this.#converted.set(key, value);
    return value;
  }

  /** A copy in which `value` stands at `path`; objects are made on the way, and what is none is replaced by one. */
  with(path: readonly Value[], value: Value): InputDocument {
    return InputDocument.ofValue(replaceAt(this.at([], ''), path, value));
  }
}

function plainMember(data: unknown, name: string): unknown {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return undefined;
  if (data instanceof RegoObject) return data.get(name);
  if (data instanceof Map) return data.get(name);
  return Object.hasOwn(data, name) ? (data as Readonly<Record<string, unknown>>)[name] : undefined;
}

/** What `collection[key]` is: an array's element, an object's value, of a set the key as it was given. */
export function member(collection: Value | undefined, key: Value): Value | undefined {
  if (isObject(collection)) return collection.get(key);
  if (isArray(collection)) {
    const index = isNumber(key) ? toPlainInteger(key) : undefined;
    return index === undefined ? undefined : collection[Number(index)];
  }
  return isSet(collection) && collection.has(key) ? key : undefined;
}

/** A copy of `document` in which `value` stands at `path`. */
export function replaceAt(
  document: Value | undefined,
  path: readonly Value[],
  value: Value,
): Value {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  const object = isObject(document) ? document : RegoObject.EMPTY;
  return object.with(key, replaceAt(object.get(key), rest, value));
}
