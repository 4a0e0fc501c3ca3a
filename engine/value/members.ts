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

/** Objects of fewer entries are copied when one is changed: that costs less than two lookups in every `get`. */
export const MIN_OVERLAID = 64;
/** Changes an overlay holds as part of what lies below it: more make every lookup slower for little saved. */
const MAX_CHANGED_PART = 1 / 16;

/** Entries of `base` with some replaced, added or removed; the changes cost what they are, whatever the size of `base`. */
export class OverlaidMembers implements Members {
  readonly size: number;
  readonly #base: Members;
  /** Undefined for a removed entry. */
  readonly #changes: ReadonlyMap<ScalarKey, Value | undefined>;

  private constructor(
    base: Members,
    changes: ReadonlyMap<ScalarKey, Value | undefined>,
    size: number,
  ) {
    this.#base = base;
    this.#changes = changes;
    this.size = size;
  }

  /** `members` with one entry changed, or removed when `value` is undefined. Many changes become a `Map` of their own. */
  static change(members: Members, key: ScalarKey, value: Value | undefined): Members {
    const before = members.get(key);
    const size = members.size + (value === undefined ? 0 : 1) - (before === undefined ? 0 : 1);
    const isOverlay = members instanceof OverlaidMembers;
    const base = isOverlay ? members.#base : members;
    const changes = new Map(isOverlay ? members.#changes : []).set(key, value);
    const overlay = new OverlaidMembers(base, changes, size);
    if (size >= MIN_OVERLAID && changes.size <= base.size * MAX_CHANGED_PART) return overlay;
    return new Map(overlay);
  }

  get(key: ScalarKey): Value | undefined {
    const changed = this.#changes.get(key);
    if (changed !== undefined || this.#changes.has(key)) return changed;
    return this.#base.get(key);
  }

  *[Symbol.iterator](): Generator<[ScalarKey, Value], void> {
    for (const entry of this.#base) if (!this.#changes.has(entry[0])) yield entry;
    for (const [key, value] of this.#changes) if (value !== undefined) yield [key, value];
  }
}
