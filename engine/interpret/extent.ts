/**
 * A document while rules contribute to it: values at paths of keys, members of sets at the end of such a path. Contributions
 * that cannot stand together are a conflict.
 */
import type { CheckedRule } from '../../lang/check/checked.ts';
import { canonicalKey, equalValues, isSet } from '../value/compare.ts';
import { ObjectBuilder } from '../value/object.ts';
import { SetBuilder } from '../value/set.ts';
import type { Value } from '../value/value.ts';
import { conflictFailure } from './places.ts';

const CONFLICT = 'object keys must be unique';

type Part =
  | { readonly kind: 'value'; readonly value: Value; readonly rule: CheckedRule }
  | { readonly kind: 'set'; readonly members: SetBuilder; readonly rule: CheckedRule }
  | { readonly kind: 'object'; readonly entries: Map<string, Entry>; readonly rule: CheckedRule };

interface Entry {
  readonly key: Value;
  part: Part;
}

export class Extent {
  readonly #isSet: boolean;
  #root: Part | undefined;

  /** `isSet`: what an extent without contributions is. */
  constructor(isSet: boolean) {
    this.#isSet = isSet;
  }

  /** Adds a value or, for a rule with `contains`, a member at a path. */
  add(rule: CheckedRule, path: readonly Value[], value: Value): void {
    const isMember = rule.rule.head.contains !== undefined;
    this.#root = put(this.#root, rule, path, 0, value, isMember);
  }

  /** Makes an empty object or set stand at a path where nothing does. */
  establish(rule: CheckedRule, path: readonly Value[], isSet: boolean): void {
    if (this.has(path)) return;
    const empty: Part = isSet
      ? { kind: 'set', members: new SetBuilder(), rule }
      : { kind: 'object', entries: new Map(), rule };
    this.#root = graft(this.#root, path, 0, empty);
  }

  /** True when something stands at a path. */
  has(path: readonly Value[]): boolean {
    let part = this.#root;
    for (const key of path) {
      part = part?.kind === 'object' ? part.entries.get(canonicalKey(key))?.part : undefined;
    }
    return part !== undefined;
  }

  build(): Value {
    if (this.#root !== undefined) return finished(this.#root);
    return this.#isSet ? new SetBuilder().build() : new ObjectBuilder().build();
  }
}

function put(
  part: Part | undefined,
  rule: CheckedRule,
  path: readonly Value[],
  index: number,
  value: Value,
  isMember: boolean,
): Part {
  const key = path[index];
  if (key === undefined) return putLeaf(part, rule, value, isMember);
  const object = part ?? { kind: 'object', entries: new Map<string, Entry>(), rule };
  if (object.kind !== 'object') throw conflictFailure(CONFLICT, object.rule, rule);
  const name = canonicalKey(key);
  const entry = object.entries.get(name);
  const child = put(entry?.part, rule, path, index + 1, value, isMember);
  if (entry === undefined) object.entries.set(name, { key, part: child });
  else entry.part = child;
  return object;
}

function graft(part: Part | undefined, path: readonly Value[], index: number, leaf: Part): Part {
  const key = path[index];
  if (key === undefined) return leaf;
  const object = part ?? { kind: 'object', entries: new Map<string, Entry>(), rule: leaf.rule };
  if (object.kind !== 'object') return object;
  const name = canonicalKey(key);
  const known = object.entries.get(name);
  object.entries.set(name, {
    key: known?.key ?? key,
    part: graft(known?.part, path, index + 1, leaf),
  });
  return object;
}

function putLeaf(part: Part | undefined, rule: CheckedRule, value: Value, isMember: boolean): Part {
  if (isMember) {
    const set = part === undefined ? emptySet(rule) : opened(part);
    if (set.kind !== 'set') throw conflictFailure(CONFLICT, set.rule, rule);
    set.members.add(value);
    return set;
  }
  if (part === undefined) return { kind: 'value', value, rule };
  if (!equalValues(finished(part), value)) throw conflictFailure(CONFLICT, part.rule, rule);
  return part;
}

function emptySet(rule: CheckedRule): Part {
  return { kind: 'set', members: new SetBuilder(), rule };
}

/** A set that a head with a variable gave as a value takes members of a rule with `contains`, as in OPA. */
function opened(part: Part): Part {
  if (part.kind !== 'value' || !isSet(part.value)) return part;
  const members = new SetBuilder();
  for (const member of part.value.unordered()) members.add(member);
  return { kind: 'set', members, rule: part.rule };
}

function finished(part: Part): Value {
  switch (part.kind) {
    case 'value':
      return part.value;
    case 'set':
      return setOf(part);
    case 'object': {
      const builder = new ObjectBuilder();
      for (const { key, part: child } of part.entries.values()) builder.set(key, finished(child));
      return builder.build();
    }
  }
}

/** A copy of the members: building empties a builder, and a set may be looked at more than once. */
function setOf(part: Extract<Part, { kind: 'set' }>): Value {
  const set = part.members.build();
  for (const member of set.unordered()) part.members.add(member);
  return set;
}
