/**
 * A Rego object: keys of any kind, distinct under Rego equality, iterated in Rego's total order of keys, never changed after it
 * is built. String keys, nearly all there are, cost one `Map` lookup.
 */
import { canonicalKey, compareValues } from './compare.ts';
import { type Layer, type Members, MIN_OVERLAID, OverlaidMembers } from './members.ts';
import { BigDecimal } from './number.ts';
import { type ScalarKey, scalarKey } from './set.ts';
import { shortKey } from './short-key.ts';
import type { Value } from './value.ts';

export type Entry = readonly [key: Value, value: Value];

export class RegoObject {
  static readonly EMPTY = new RegoObject(new Map(), undefined);

  readonly tag = 'object';
  readonly #scalars: Members;
  readonly #others: ReadonlyMap<string, Entry> | undefined;
  #sorted: readonly Entry[] | undefined;
  #key: string | undefined;

  /** For `ObjectBuilder` and the like, which hand over maps that nobody else holds. */
  constructor(scalars: Members, others: ReadonlyMap<string, Entry> | undefined) {
    this.#scalars = scalars;
    this.#others = others;
  }

  /** The last of several entries with equal keys wins. */
  static from(entries: Iterable<Entry>): RegoObject {
    const builder = new ObjectBuilder();
    for (const [key, value] of entries) builder.set(key, value);
    return builder.build();
  }

  get size(): number {
    return this.#scalars.size + (this.#others?.size ?? 0);
  }

  has(key: Value): boolean {
    return this.get(key) !== undefined;
  }

  get(key: Value): Value | undefined {
    const scalar = scalarKey(key);
    if (scalar !== undefined) {
      const value = this.#scalars.get(scalar);
      if (value !== undefined || this.#others === undefined || typeof scalar !== 'number')
        return value;
    }
    return this.#others?.get(canonicalKey(key))?.[1];
  }

  /** The entries in Rego order of their keys; computed once. */
  toSortedEntries(): readonly Entry[] {
    this.#sorted ??= [...this.entriesUnordered()].sort((a, b) => compareValues(a[0], b[0]));
    return this.#sorted;
  }

  /** The entries in the order they were added: for questions whose answer does not depend on order. */
  *entriesUnordered(): Generator<Entry, void> {
    yield* this.#scalars;
    if (this.#others !== undefined) yield* this.#others.values();
  }

  /** What the entries are kept in, for an index of them; undefined where they are not kept in layers. */
  layers(): readonly Layer[] | undefined {
    if (this.#others !== undefined) return undefined;
    return this.#scalars instanceof OverlaidMembers
      ? this.#scalars.layers(layerOf)
      : layerOf(this.#scalars);
  }

  [Symbol.iterator](): Iterator<Entry> {
    return this.toSortedEntries()[Symbol.iterator]();
  }

  /** The keys in Rego order. */
  keys(): readonly Value[] {
    return this.toSortedEntries().map(([key]) => key);
  }

  /** The values in the order of their keys. */
  values(): readonly Value[] {
    return this.toSortedEntries().map(([, value]) => value);
  }

  /** Canonical key, see `canonicalKey`. */
  get key(): string {
    if (this.#key === undefined) {
      let text = '{';
      for (const [key, value] of this.toSortedEntries()) {
        text += canonicalKey(key) + canonicalKey(value);
      }
      this.#key = shortKey(`${text}}`);
    }
    return this.#key;
  }

  /** A copy with one entry more or replaced. */
  with(key: Value, value: Value): RegoObject {
    const large = this.#changed(key, value);
    if (large !== undefined) return large;
    return ObjectBuilder.of(this).set(key, value).build();
  }

  /** A copy without one key. */
  without(key: Value): RegoObject {
    const large = this.#changed(key, undefined);
    if (large !== undefined) return large;
    const builder = ObjectBuilder.of(this);
    builder.delete(key);
    return builder.build();
  }

  /** A copy that shares the entries of a large object; undefined where all must be copied. */
  #changed(key: Value, value: Value | undefined): RegoObject | undefined {
    if (typeof key !== 'string' || this.#others !== undefined || this.size <= MIN_OVERLAID) return;
    return new RegoObject(OverlaidMembers.change(this.#scalars, key, value), undefined);
  }
}

function layerOf(members: Members): readonly Layer[] | undefined {
  return members instanceof Map || 'entriesOnce' in members ? [members as Layer] : undefined;
}

/** Collects entries, then becomes an object once. */
export class ObjectBuilder {
  #scalars = new Map<ScalarKey, Value>();
  #others: Map<string, Entry> | undefined;

  /** A builder that starts with the entries of `object`. */
  static of(object: RegoObject): ObjectBuilder {
    const builder = new ObjectBuilder();
    for (const [key, value] of object.entriesUnordered()) builder.set(key, value);
    return builder;
  }

  get size(): number {
    return this.#scalars.size + (this.#others?.size ?? 0);
  }

  get(key: Value): Value | undefined {
    const scalar = scalarKey(key);
    const value = scalar === undefined ? undefined : this.#scalars.get(scalar);
    return value ?? (value === null ? null : this.#others?.get(canonicalKey(key))?.[1]);
  }

  /** Adds or replaces; a replaced entry keeps the spelling of its first key. */
  set(key: Value, value: Value): this {
    // A key such as `1.0` must keep its spelling, which the scalar map cannot hold; both maps know it by value, not by text.
    const scalar = key instanceof BigDecimal ? undefined : scalarKey(key);
    if (scalar !== undefined && !(typeof scalar === 'number' && this.#hasOther(key))) {
      this.#scalars.set(scalar, value);
      return this;
    }
    const plain = scalarKey(key);
    if (plain !== undefined && this.#scalars.has(plain)) {
      this.#scalars.set(plain, value);
      return this;
    }
    this.#others ??= new Map();
    const text = canonicalKey(key);
    this.#others.set(text, [this.#others.get(text)?.[0] ?? key, value]);
    return this;
  }

  #hasOther(key: Value): boolean {
    return this.#others?.has(canonicalKey(key)) ?? false;
  }

  delete(key: Value): boolean {
    const scalar = scalarKey(key);
    if (scalar !== undefined && this.#scalars.delete(scalar)) return true;
    return this.#others?.delete(canonicalKey(key)) ?? false;
  }

  /** The object; the builder is empty again afterwards. */
  build(): RegoObject {
    if (this.size === 0) return RegoObject.EMPTY;
    const object = new RegoObject(this.#scalars, this.#others);
    this.#scalars = new Map();
    this.#others = undefined;
    return object;
  }
}
