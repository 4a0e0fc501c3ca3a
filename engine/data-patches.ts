/**
 * Changes to the base document without reading it anew: JSON Patch operations (RFC 6902: add, replace, remove), JSON Merge Patch
 * (RFC 7396), and `put`, which makes the objects on its way. All of a list or nothing. The document is never changed in place: what a
 * decision holds stays as it is, and what a change does not touch is shared.
 */
import { isArray, isObject } from './value/compare.ts';
import { ObjectBuilder, RegoObject } from './value/object.ts';
import type { Value } from './value/value.ts';

/** Members of a merge patch that are changed one by one; of more a whole copy is made, which costs less then. */
const MAX_SINGLE = 1_000;

export type DataPatch =
  | {
      readonly op: 'add' | 'replace' | 'put' | 'merge';
      readonly path: readonly string[];
      readonly value: Value;
    }
  | { readonly op: 'remove'; readonly path: readonly string[] };

/** Why a change cannot be made; nothing was changed then. */
export interface PatchFault {
  readonly kind: 'not-found' | 'conflict' | 'invalid';
  readonly path: readonly string[];
  readonly message: string;
}

export type Patched =
  | { readonly data: RegoObject; readonly fault?: never }
  | { readonly data?: never; readonly fault: PatchFault };

/** Makes the changes one after the other. */
export function patchData(data: Value, patches: readonly DataPatch[]): Patched {
  let changed: Value = data;
  for (const patch of patches) {
    const result = change(changed, patch, 0);
    if (result instanceof Refusal) return { fault: result.fault };
    changed = result ?? RegoObject.EMPTY;
  }
  if (isObject(changed)) return { data: changed };
  return {
    fault: { kind: 'invalid', path: [], message: 'the root of the data must be an object' },
  };
}

/** Tells a fault from a value. */
class Refusal {
  readonly fault: PatchFault;

  constructor(kind: PatchFault['kind'], path: readonly string[], message: string) {
    this.fault = { kind, path, message };
  }
}

/** The document with the change below its first `depth` segments; undefined when it is removed. */
function change(document: Value, patch: DataPatch, depth: number): Value | undefined | Refusal {
  const key = patch.path[depth];
  if (key === undefined) return changeHere(document, patch);
  if (isObject(document)) return changeObject(document, key, patch, depth);
  if (isArray(document)) return changeArray(document, key, patch, depth);
  return absent(patch, depth);
}

/** Nothing can be put below what is neither object nor array; to the other operations it is not there. */
function absent(patch: DataPatch, depth: number): Refusal {
  if (patch.op === 'put') {
    return new Refusal('conflict', patch.path.slice(0, depth), 'is neither an object nor an array');
  }
  return new Refusal('not-found', patch.path.slice(0, depth + 1), 'does not exist');
}

function changeHere(before: Value | undefined, patch: DataPatch): Value | undefined {
  if (patch.op === 'remove') return undefined;
  return patch.op === 'merge' ? merge(before, patch.value) : patch.value;
}

function changeObject(
  object: RegoObject,
  key: string,
  patch: DataPatch,
  depth: number,
): Value | Refusal {
  const before = object.get(key);
  const isLast = depth + 1 === patch.path.length;
  let after: Value | undefined | Refusal;
  if (before !== undefined) {
    after = change(before, patch, depth + 1);
  } else if (patch.op === 'put' || (isLast && (patch.op === 'add' || patch.op === 'merge'))) {
    after = isLast ? changeHere(undefined, patch) : change(RegoObject.EMPTY, patch, depth + 1);
  } else {
    return absent({ ...patch, op: 'remove' }, depth);
  }
  if (after instanceof Refusal) return after;
  return after === undefined ? object.without(key) : object.with(key, after);
}

function changeArray(
  array: readonly Value[],
  key: string,
  patch: DataPatch,
  depth: number,
): Value | Refusal {
  const isLast = depth + 1 === patch.path.length;
  const inserts = isLast && (patch.op === 'add' || patch.op === 'put');
  const index = inserts && patch.op === 'add' && key === '-' ? array.length : indexOf(key);
  if (index === undefined || index > array.length || (index === array.length && !inserts)) {
    if (patch.op === 'put')
      return new Refusal('conflict', patch.path.slice(0, depth), 'is an array');
    return new Refusal('not-found', patch.path.slice(0, depth + 1), 'does not exist');
  }
  if (inserts) return array.toSpliced(index, 0, patch.value);
  const after = change(array[index] ?? null, patch, depth + 1);
  if (after instanceof Refusal) return after;
  return after === undefined ? array.toSpliced(index, 1) : array.with(index, after);
}

function indexOf(key: string): number | undefined {
  return /^(?:0|[1-9]\d{0,8})$/.test(key) ? Number(key) : undefined;
}

/** RFC 7396: members that are null are removed, objects are merged, everything else replaces. */
function merge(target: Value | undefined, patch: Value): Value {
  if (!isObject(patch)) return patch;
  const object = isObject(target) ? target : RegoObject.EMPTY;
  return patch.size <= MAX_SINGLE ? mergeFew(object, patch) : mergeMany(object, patch);
}

/** Shares the entries of a large object. */
function mergeFew(object: RegoObject, patch: RegoObject): RegoObject {
  let merged = object;
  for (const [key, value] of patch.entriesUnordered()) {
    merged = value === null ? merged.without(key) : merged.with(key, merge(merged.get(key), value));
  }
  return merged;
}

function mergeMany(object: RegoObject, patch: RegoObject): RegoObject {
  const builder = ObjectBuilder.of(object);
  for (const [key, value] of patch.entriesUnordered()) {
    if (value === null) builder.delete(key);
    else builder.set(key, merge(object.get(key), value));
  }
  return builder.build();
}

/** Changes as text, for what is hashed and logged: one line each. */
export function patchText(patch: DataPatch, write: (value: Value) => string): string {
  const value = patch.op === 'remove' ? '' : ` ${write(patch.value)}`;
  return `${patch.op} ${write(patch.path)}${value}\n`;
}
