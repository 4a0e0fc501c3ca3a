/**
 * Where a `RegoObject` keeps its scalar entries: a `Map`, or something that answers like one without holding every entry as a value
 * of its own. Nothing here changes once it is handed to an object.
 */
import type { ScalarKey } from './set.ts';
import type { Value } from './value.ts';

/** The part of `ReadonlyMap` that an object needs. A `Value` is never undefined, so `get` alone tells what is there. */
export interface Members {
  readonly size: number;
  get(key: ScalarKey): Value | undefined;
  [Symbol.iterator](): Iterator<[ScalarKey, Value]>;
}

/** Entries that lie together, removed ones with undefined. */
export type Layer =
  | ReadonlyMap<ScalarKey, Value | undefined>
  | (Members & {
      has(key: ScalarKey): boolean;
      /** The entries; what is read for this is not kept. */
      entriesOnce(): Iterable<readonly [ScalarKey, Value]>;
    });

/** Objects of fewer entries are copied when one is changed: that costs less than two lookups in every `get`. */
export const MIN_OVERLAID = 64;
/** Changes that are copied with each further one; when there are more they join those made before. */
const MAX_YOUNG = 512;
/** Part of a `Map` that may be changed before it is worth copying whole. */
const MAX_CHANGED_PART = 1 / 4;

type Changes = ReadonlyMap<ScalarKey, Value | undefined>;

/**
 * Entries of `base` with some replaced, added or removed (undefined); the changes cost what they are, whatever the size of `base`,
 * and no entry of `base` is asked for that is not changed.
 */
export class OverlaidMembers implements Members {
  readonly size: number;
  readonly #base: Members;
  readonly #old: Changes;
  /** Goes before `#old`. */
  readonly #young: Changes;

  private constructor(base: Members, old: Changes, young: Changes, size: number) {
    this.#base = base;
    this.#old = old;
    this.#young = young;
    this.size = size;
  }

  /** `members` with one entry changed, or removed when `value` is undefined. */
  static change(members: Members, key: ScalarKey, value: Value | undefined): Members {
    const before = members.get(key);
    const size = members.size + (value === undefined ? 0 : 1) - (before === undefined ? 0 : 1);
    if (!(members instanceof OverlaidMembers)) {
      return new OverlaidMembers(members, new Map(), new Map([[key, value]]), size);
    }
    const young = new Map(members.#young).set(key, value);
    if (young.size <= MAX_YOUNG) {
      return new OverlaidMembers(members.#base, members.#old, young, size);
    }
    const old = new Map([...members.#old, ...young]);
    const overlay = new OverlaidMembers(members.#base, old, new Map(), size);
    const isWorn = members.#base instanceof Map && old.size > size * MAX_CHANGED_PART;
    return isWorn ? new Map(overlay) : overlay;
  }

  get(key: ScalarKey): Value | undefined {
    const young = this.#young.get(key);
    if (young !== undefined || this.#young.has(key)) return young;
    const old = this.#old.get(key);
    if (old !== undefined || this.#old.has(key)) return old;
    return this.#base.get(key);
  }

  /** The layers, those that hide others first; `base` tells what the lowest one is made of. */
  layers(base: (members: Members) => readonly Layer[] | undefined): readonly Layer[] | undefined {
    const below = base(this.#base);
    return below && [this.#young, this.#old, ...below];
  }

  *[Symbol.iterator](): Generator<[ScalarKey, Value], void> {
    for (const entry of this.#base) {
      if (!this.#old.has(entry[0]) && !this.#young.has(entry[0])) yield entry;
    }
    for (const [key, value] of this.#old) {
      if (value !== undefined && !this.#young.has(key)) yield [key, value];
    }
    for (const [key, value] of this.#young) if (value !== undefined) yield [key, value];
  }
}
