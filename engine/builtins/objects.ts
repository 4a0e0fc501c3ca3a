/** `object.*`. OPA topdown/object.go, subset.go. */
import { equalValues, isArray, isObject, isSet } from '../value/compare.ts';
import { type BuiltinFault, isFault, typeError } from '../value/fault.ts';
import { ObjectBuilder, RegoObject } from '../value/object.ts';
import { RegoSet } from '../value/set.ts';
import type { Value } from '../value/value.ts';
import { memberAt } from './aggregates.ts';
import type { BuiltinContext, BuiltinFunction } from './context.ts';
import {
  anyValue,
  array,
  builtin,
  type Operand,
  object,
  operandElementFault,
  operandTypeFault,
} from './operand.ts';

/** Names of keys: members of an array or set, or the keys of an object. */
const keySet: Operand<RegoSet> = (value, position) => {
  if (isSet(value)) return value;
  if (isArray(value)) return RegoSet.from(value);
  if (isObject(value)) return RegoSet.from(value.keys());
  return operandTypeFault(position, value, 'object', 'set', 'array');
};

/** Deep union; where both sides have an object the two are merged, otherwise the right side wins. */
export function mergeObjects(
  ctx: BuiltinContext,
  a: RegoObject,
  b: RegoObject,
): RegoObject | BuiltinFault {
  if (a.size === 0) return b;
  const over = ctx.charge(b.size);
  if (over !== undefined) return over;
  const builder = ObjectBuilder.of(a);
  for (const [key, value] of b.entriesUnordered()) {
    const old = a.get(key);
    const isMerge = isObject(old) && isObject(value);
    const merged = isMerge ? mergeObjects(ctx, old, value) : value;
    if (isFault(merged)) return merged;
    builder.set(key, merged);
  }
  return builder.build();
}

function filterKeys(source: RegoObject, keep: (key: Value) => boolean): RegoObject {
  const builder = new ObjectBuilder();
  for (const [key, value] of source.entriesUnordered()) if (keep(key)) builder.set(key, value);
  return builder.build();
}

function isObjectSubset(whole: RegoObject, part: RegoObject): boolean {
  for (const [key, value] of part.entriesUnordered()) {
    const other = whole.get(key);
    if (other === undefined) return false;
    if (!equalValues(other, value) && isSubset(other, value) !== true) return false;
  }
  return true;
}

/** Arrays: `part` occurs in one piece, found by OPA's scan, which does not step back after a partial match. */
function isArraySubset(whole: readonly Value[], part: readonly Value[]): boolean {
  let matched = 0;
  for (let start = 0; matched < part.length; ) {
    const candidate = whole[start + matched];
    const wanted = part[matched];
    if (candidate === undefined || wanted === undefined) return false;
    if (equalValues(candidate, wanted)) {
      matched += 1;
    } else {
      start += 1;
      matched = 0;
    }
  }
  return true;
}

/** OPA counts matching members, repeated ones too, until there are as many as the set has. */
function isArrayOverSet(whole: readonly Value[], part: RegoSet): boolean {
  let unmatched = part.size;
  for (const member of whole) {
    if (part.has(member)) unmatched -= 1;
    if (unmatched === 0) return true;
  }
  return false;
}

/** Undefined when the two kinds cannot be compared. */
function isSubset(whole: Value, part: Value): boolean | undefined {
  if (isObject(whole) && isObject(part)) return isObjectSubset(whole, part);
  if (isArray(whole) && isArray(part)) return isArraySubset(whole, part);
  if (!isSet(whole) || !isSet(part)) return undefined;
  for (const member of part.unordered()) if (!whole.has(member)) return false;
  return true;
}

export const OBJECTS = {
  'object.get': builtin([object, anyValue, anyValue], (_ctx, source, path, fallback) => {
    let current: Value | undefined = source;
    for (const key of isArray(path) ? path : [path]) {
      current = current === undefined ? undefined : memberAt(current, key);
    }
    return current === undefined ? fallback : current;
  }),
  'object.keys': builtin([object], (_ctx, source) => RegoSet.from(source.keys())),
  'object.remove': builtin([object, keySet], (_ctx, source, keys) =>
    filterKeys(source, (key) => !keys.has(key)),
  ),
  'object.filter': builtin([object, keySet], (_ctx, source, keys) =>
    filterKeys(source, (key) => keys.has(key)),
  ),
  'object.union': builtin([object, object], (ctx, a, b) => mergeObjects(ctx, a, b)),
  'object.union_n': builtin([array], (ctx, objects) => {
    let result = RegoObject.EMPTY;
    for (const item of objects) {
      if (!isObject(item)) return operandElementFault(1, objects, item, 'object');
      const merged = mergeObjects(ctx, result, item);
      if (isFault(merged)) return merged;
      result = merged;
    }
    return result;
  }),
  'object.subset': builtin([anyValue, anyValue], (_ctx, whole, part) => {
    if (isArray(whole) && isSet(part)) return isArrayOverSet(whole, part);
    return (
      isSubset(whole, part) ??
      typeError('both arguments object.subset must be of the same type or array and set')
    );
  }),
} satisfies Readonly<Record<string, BuiltinFunction>>;
