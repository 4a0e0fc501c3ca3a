/** `v in xs` and `k, v in xs`: false, never undefined, for what is no collection. */
import { equalValues, isArray, isObject, isSet } from '../value/compare.ts';
import type { Value } from '../value/value.ts';
import { member } from './input-document.ts';

/** `values` is `[value, collection]` or `[key, value, collection]`. */
export function isMember(values: readonly Value[]): boolean {
  const [first = null, second = null, third] = values;
  if (third === undefined) return hasValue(second, first);
  const found = member(third, first);
  return found !== undefined && equalValues(found, second);
}

function hasValue(collection: Value, value: Value): boolean {
  if (isSet(collection)) return collection.has(value);
  if (isArray(collection)) return collection.some((item) => equalValues(item, value));
  if (!isObject(collection)) return false;
  for (const [, item] of collection.entriesUnordered()) if (equalValues(item, value)) return true;
  return false;
}
