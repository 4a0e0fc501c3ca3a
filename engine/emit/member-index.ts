/**
 * Elements of a large collection by the value of one member, so that a body that looks for `g.user == input.user` does not go through
 * all of them. Collections never change, so an index is made once for each and forgotten with it; of an object whose entries were
 * changed by overlays each layer has its own, and a change makes only the small ones anew. Elements are read without being kept.
 */
import type { BuiltinCaches, MemberIndex } from '../builtins/context.ts';
import { member } from '../interpret/input-document.ts';
import { canonicalKey, compareValues, isArray } from '../value/compare.ts';
import type { Layer } from '../value/members.ts';
import { RegoObject } from '../value/object.ts';
import type { ScalarKey } from '../value/set.ts';
import type { Value } from '../value/value.ts';

/** Elements in the order of the language. */
export interface ChosenEntries {
  readonly keys: readonly Value[];
  readonly values: readonly Value[];
}

/** Collections with fewer elements are gone through: that costs less than to ask an index. */
const MIN_INDEXED = 64;
/** An index is made when a collection is searched for the second time, unless it is so large that once is enough. */
const MIN_INDEXED_AT_ONCE = 1_024;

/** Indexes of layers and arrays by path; 0 stands for a search that made none. */
type Indexes = BuiltinCaches['indexes'];

/** The elements whose member at `path` equals `wanted`, in order; undefined where all must be gone through. */
export function findByMember(
  indexes: Indexes,
  collection: unknown,
  path: readonly string[],
  wanted: Value,
): ChosenEntries | undefined {
  if (isArray(collection as Value))
    return findItems(indexes, collection as readonly Value[], path, wanted);
  if (!(collection instanceof RegoObject) || collection.size < MIN_INDEXED) return undefined;
  const layers = collection.layers();
  if (layers === undefined) return undefined;
  const key = canonicalKey(wanted);
  const keys: Value[] = [];
  for (const [depth, layer] of layers.entries()) {
    const index = indexOf(indexes, layer, layers.length > 1 || isLarge(layer.size), path, () =>
      layer instanceof Map
        ? layer
        : (layer as Exclude<Layer, ReadonlyMap<unknown, unknown>>).entriesOnce(),
    );
    if (index === undefined) return undefined;
    const isHidden = (name: Value): boolean =>
      layers.slice(0, depth).some((above) => above.has(name as ScalarKey));
    for (const name of listOf(index.get(key))) if (!isHidden(name)) keys.push(name);
  }
  keys.sort(compareValues);
  return { keys, values: keys.map((name) => collection.get(name) ?? null) };
}

function findItems(
  indexes: Indexes,
  items: readonly Value[],
  path: readonly string[],
  wanted: Value,
): ChosenEntries | undefined {
  if (items.length < MIN_INDEXED) return undefined;
  const index = indexOf(indexes, items, isLarge(items.length), path, () => items.entries());
  if (index === undefined) return undefined;
  const keys = listOf(index.get(canonicalKey(wanted)));
  return { keys, values: keys.map((at) => items[Number(at)] ?? null) };
}

/** No key is a list, so a list is one of keys. */
function listOf(found: Value | Value[] | undefined): readonly Value[] {
  if (found === undefined) return [];
  return isArray(found) ? found : [found];
}

function isLarge(size: number): boolean {
  return size >= MIN_INDEXED_AT_ONCE;
}

/** The index of a layer or array; undefined at the first search where it is not to be made at once. */
function indexOf(
  indexes: Indexes,
  owner: Layer | readonly Value[],
  atOnce: boolean,
  path: readonly string[],
  entries: () => Iterable<readonly [Value, Value | undefined]>,
): MemberIndex | undefined {
  const own = indexes.get(owner) ?? new Map<string, MemberIndex | 0>();
  indexes.set(owner, own);
  const name = path.join('\0');
  const known = own.get(name);
  if (known !== undefined && known !== 0) return known;
  if (known === undefined && !atOnce) {
    own.set(name, 0);
    return undefined;
  }
  const index = makeIndex(entries(), path);
  own.set(name, index);
  return index;
}

function makeIndex(
  entries: Iterable<readonly [Value, Value | undefined]>,
  path: readonly string[],
): MemberIndex {
  const index = new Map<string, Value | Value[]>();
  for (const [key, element] of entries) {
    const value = path.reduce<Value | undefined>(member, element);
    if (value === undefined) continue;
    const name = canonicalKey(value);
    const before = index.get(name);
    // A key of an entry is a scalar or an index, never a list: one alone needs none.
    if (before === undefined) index.set(name, key);
    else if (Array.isArray(before)) before.push(key);
    else index.set(name, [before as Value, key]);
  }
  return index;
}
