/**
 * A Rego set: distinct values under Rego equality, iterated in Rego's total order, never changed after it is built.
 * The first of several equal members is the one that is kept (`{1, 1.0}` shows as `{1}`).
 */
import { canonicalKey, compareValues } from './compare.ts';
import { BigDecimal, simplestNumber } from './number.ts';
import { shortKey } from './short-key.ts';
import type { Value } from './value.ts';

/** What a JavaScript `Map` can tell apart by itself just as Rego does. */
export type ScalarKey = string | number | boolean | null;

/** The `Map` key of a scalar; `undefined` for values that need their canonical key. */
export function scalarKey(value: Value): ScalarKey | undefined {
  switch (typeof value) {
    case 'string':
    case 'number':
    case 'boolean':
      return value;
    case 'bigint':
      return undefined;
    default:
      if (value === null) return null;
      return value instanceof BigDecimal ? simplestNumber(value) : undefined;
  }
}

type Members = Map<ScalarKey, Value>;
type OtherMembers = Map<string, Value>;

export class RegoSet {
  static readonly EMPTY = new RegoSet(new Map(), undefined);

  readonly tag = 'set';
  readonly #scalars: ReadonlyMap<ScalarKey, Value>;
  readonly #others: ReadonlyMap<string, Value> | undefined;
  #sorted: readonly Value[] | undefined;
  #key: string | undefined;

  /** For `SetBuilder`, which hands over maps that nobody else holds. */
  constructor(
    scalars: ReadonlyMap<ScalarKey, Value>,
    others: ReadonlyMap<string, Value> | undefined,
  ) {
    this.#scalars = scalars;
    this.#others = others;
  }

  static from(values: Iterable<Value>): RegoSet {
    const builder = new SetBuilder();
    for (const value of values) builder.add(value);
    return builder.build();
  }

  get size(): number {
    return this.#scalars.size + (this.#others?.size ?? 0);
  }

  has(value: Value): boolean {
    return this.get(value) !== undefined;
  }

  /** The member equal to `value`, as it was added; `undefined` when there is none. */
  get(value: Value): Value | undefined {
    const scalar = scalarKey(value);
    if (scalar !== undefined) return this.#scalars.get(scalar);
    return this.#others?.get(canonicalKey(value));
  }

  /** The members in Rego order; computed once. */
  toSorted(): readonly Value[] {
    this.#sorted ??= [...this.unordered()].sort(compareValues);
    return this.#sorted;
  }

  /** The members in the order they were added: for questions whose answer does not depend on order. */
  *unordered(): Generator<Value, void> {
    yield* this.#scalars.values();
    if (this.#others !== undefined) yield* this.#others.values();
  }

  [Symbol.iterator](): Iterator<Value> {
    return this.toSorted()[Symbol.iterator]();
  }

  /** Canonical key, see `canonicalKey`. */
  get key(): string {
    if (this.#key === undefined) {
      let text = '<';
      for (const value of this.toSorted()) text += canonicalKey(value);
      this.#key = shortKey(`${text}>`);
    }
    return this.#key;
  }

  union(other: RegoSet): RegoSet {
    if (other.size === 0) return this;
    if (this.size === 0) return other;
    const builder = new SetBuilder();
    for (const value of this.unordered()) builder.add(value);
    for (const value of other.unordered()) builder.add(value);
    return builder.build();
  }

  intersection(other: RegoSet): RegoSet {
    const [small, large] = this.size <= other.size ? [this, other] : [other, this];
    const builder = new SetBuilder();
    for (const value of small.unordered()) if (large.has(value)) builder.add(value);
    return builder.build();
  }

  difference(other: RegoSet): RegoSet {
    const builder = new SetBuilder();
    for (const value of this.unordered()) if (!other.has(value)) builder.add(value);
    return builder.build();
  }
}

/** Collects members, then becomes a set once. */
export class SetBuilder {
  #scalars: Members = new Map();
  #others: OtherMembers | undefined;

  get size(): number {
    return this.#scalars.size + (this.#others?.size ?? 0);
  }

  /** False when an equal member was there already. */
  add(value: Value): boolean {
    const scalar = scalarKey(value);
    if (scalar !== undefined) {
      if (this.#scalars.has(scalar)) return false;
      this.#scalars.set(scalar, value);
      return true;
    }
    this.#others ??= new Map();
    const key = canonicalKey(value);
    if (this.#others.has(key)) return false;
    this.#others.set(key, value);
    return true;
  }

  has(value: Value): boolean {
    const scalar = scalarKey(value);
    if (scalar !== undefined) return this.#scalars.has(scalar);
    return this.#others?.has(canonicalKey(value)) ?? false;
  }

  /** The set; the builder is empty again afterwards. */
  build(): RegoSet {
    if (this.size === 0) return RegoSet.EMPTY;
    const set = new RegoSet(this.#scalars, this.#others);
    this.#scalars = new Map();
    this.#others = undefined;
    return set;
  }
}
