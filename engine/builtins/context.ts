/**
 * What a builtin may know besides its operands: the recorded time, the budget, a place to print, and the caches of compiled
 * patterns. A context is made per decision; the caches may outlive it and are shared by whoever makes contexts.
 */
import type { BuiltinFault } from '../value/fault.ts';
import type { Value } from '../value/value.ts';
import { BoundedCache } from './bounded-cache.ts';
import type { CompiledPattern } from './pattern.ts';

/** Patterns of each sort that are kept compiled. */
export const PATTERN_CACHE_LIMIT = 500;

export interface BuiltinCaches {
  readonly regexes: BoundedCache<CompiledPattern>;
  readonly globs: BoundedCache<CompiledPattern>;
  /** Of collections that never change: keys of their elements by the value of a member. See emit/member-index.ts. */
  readonly indexes: WeakMap<object, Map<string, MemberIndex | 0>>;
}

/** Keys of the elements that have a value, by its canonical key. */
export type MemberIndex = ReadonlyMap<string, Value | Value[]>;

export interface BuiltinContext {
  /** Nanoseconds since 1970: the `now` of the decision. `time.now_ns` fails without it. */
  readonly nowNs: bigint | undefined;
  /** Counts work done, about one per value or 64 bytes touched; a fault once the budget of the evaluation is spent. */
  charge(steps: number): BuiltinFault | undefined;
  /** Receives a line that the policy prints. */
  print(line: string): void;
  readonly caches: BuiltinCaches;
}

/**
 * A builtin. `args` are as many as its signature says. `undefined` is the undefined of the language; a fault's message has no
 * `name:` prefix, the caller adds it.
 */
export type BuiltinFunction = (
  ctx: BuiltinContext,
  args: readonly Value[],
) => Value | undefined | BuiltinFault;

/** A builtin with any number of results. */
export type RelationFunction = (
  ctx: BuiltinContext,
  args: readonly Value[],
) => Iterable<Value> | BuiltinFault;

export function createBuiltinCaches(): BuiltinCaches {
  return {
    regexes: new BoundedCache(PATTERN_CACHE_LIMIT),
    globs: new BoundedCache(PATTERN_CACHE_LIMIT),
    indexes: new WeakMap(),
  };
}

/** Makes room for the patterns of so many calls, beside those that are made from input: a policy never compiles its own anew. */
export function reservePatterns({ regexes, globs }: BuiltinCaches, calls: number): void {
  regexes.reserve(PATTERN_CACHE_LIMIT + calls);
  globs.reserve(PATTERN_CACHE_LIMIT + calls);
}

/** A context; what is left out is absent (no time), unlimited (no budget) or dropped (prints). */
export function createBuiltinContext(options: Partial<BuiltinContext> = {}): BuiltinContext {
  return {
    nowNs: options.nowNs,
    charge: options.charge ?? (() => undefined),
    print: options.print ?? (() => undefined),
    caches: options.caches ?? createBuiltinCaches(),
  };
}
