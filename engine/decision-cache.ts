/**
 * Decisions made before, found again by the values at the input paths they may depend on. A cache belongs to one decider, so to one
 * revision and its data; grants, hour and weekday are values of the input like any other, and count where a policy reads them. Where
 * a policy reads what differs for every action, such as the instant, nothing is kept.
 */
import type { Decision } from './contract/decision.ts';
import type { PolicyInput } from './contract/input.ts';
import { type Decider, POLICY_ERROR } from './decide.ts';
import { InputKeys, plainAt } from './reads/input-key.ts';
import { holdsPath, type InputPath } from './reads/input-path.ts';
import { type ReadableRules, readsOfDecision } from './reads/static-reads.ts';
import type { MonotonicClock } from './run/limits.ts';

/** Decisions kept at most; with keys of at most `MAX_KEY_CHARS` this bounds what clients can make it hold. */
export const MAX_CACHED_DECISIONS = 2_048;
/** Lists of packages that are remembered: as many as there are resources with guards of their own. */
const MAX_PACKAGE_LISTS = 256;

const NOW: InputPath = ['context', 'now_ns'];
/** What hardly ever comes again: a decision that reads it is not worth keeping. */
const ALWAYS_NEW: readonly InputPath[] = [
  NOW,
  ['context', 'time'],
  ['session', 'actions'],
  ['session', 'rows'],
];

/** When decisions are looked up. */
export interface CachingOptions {
  /** Microseconds that making a decision must cost for looking it up to pay; without it all are looked up. */
  readonly fromUs?: number;
  /** Milliseconds, for what decisions cost. */
  readonly clock?: MonotonicClock;
}

/**
 * What a decision must cost for a gateway to look it up first. Measured: writing out what a decision depends on costs 8 µs where the
 * input is made anew for each, and compiled code decides by 10,000 keyed rules in less than 1 µs.
 */
export const CACHED_FROM_US = 20;
/** The first decisions are all timed, later ones one in so many. */
const TIMED_FIRST = 64;
const TIMED_EVERY = 64;
/** Weight of one more time in the mean: what was slow because its code was new is forgotten soon. */
const WEIGHT = 1 / 8;

/** How a list of packages is looked up. */
interface Lookup {
  made: number;
  /** Mean microseconds of a decision made anew. */
  costUs: number;
  /** Begins every key of the list. */
  readonly prefix: string;
  /** Undefined where decisions are not kept. */
  readonly paths: readonly InputPath[] | undefined;
}

/**
 * A decider that gives the same decisions as `decider`, which must decide by `rules`, and makes each only once while it is kept. Kept
 * decisions are frozen. One with a fault of a policy is always made anew, so that its error is reported each time.
 */
export function cacheDecisions(
  decider: Decider,
  rules: ReadableRules,
  options: CachingOptions = {},
): Decider {
  const { fromUs = 0, clock = performance.now.bind(performance) } = options;
  const keys = new InputKeys();
  const lookups = new Map<string, Lookup>();
  // Two generations, because a Map of which the oldest entry is deleted over and over takes longer and longer to find it.
  let young = new Map<string, Decision>();
  let old = new Map<string, Decision>();

  function lookupOf(policies: readonly string[]): Lookup | undefined {
    const names = policies.join('\0');
    const known = lookups.get(names);
    if (known !== undefined || lookups.size >= MAX_PACKAGE_LISTS) return known;
    const reads = readsOfDecision(rules, policies);
    const isNew = ALWAYS_NEW.some((path) =>
      reads.some((read) => holdsPath(read, path) || holdsPath(path, read)),
    );
    const paths = isNew ? undefined : reads;
    const lookup = { prefix: `${lookups.size};`, paths, made: 0, costUs: 0 };
    lookups.set(names, lookup);
    return lookup;
  }

  /** Makes a decision, and notes what it cost where that decides whether the next is looked up. */
  function make(
    lookup: Lookup | undefined,
    policies: readonly string[],
    input: PolicyInput,
  ): Decision {
    if (lookup === undefined || fromUs === 0) return decider.decide(policies, input);
    lookup.made += 1;
    if (lookup.made > TIMED_FIRST && lookup.made % TIMED_EVERY !== 0)
      return decider.decide(policies, input);
    const start = clock();
    const decision = decider.decide(policies, input);
    const us = (clock() - start) * 1_000;
    lookup.costUs += lookup.made === 1 ? us : (us - lookup.costUs) * WEIGHT;
    return decision;
  }

  function keyOf(lookup: Lookup, input: PolicyInput): string | undefined {
    // An instant that is none blocks every action, whether a rule reads it or not.
    if (!isInstant(plainAt(input, NOW))) return undefined;
    const values = lookup.paths && keys.of(input, lookup.paths);
    return values === undefined ? undefined : `${lookup.prefix}${values}`;
  }

  function find(key: string): Decision | undefined {
    const fresh = young.get(key);
    if (fresh !== undefined) return fresh;
    const decision = old.get(key);
    if (decision !== undefined) keep(key, decision);
    return decision;
  }

  function keep(key: string, decision: Decision): void {
    if (young.size >= MAX_CACHED_DECISIONS / 2) {
      old = young;
      young = new Map();
    }
    young.set(key, decision);
  }

  return {
    revision: decider.revision,
    prepare: (policies) => decider.prepare?.(policies),
    decide(policies, input) {
      const lookup = lookupOf(policies);
      const pays = lookup !== undefined && lookup.costUs >= fromUs;
      const key = pays ? keyOf(lookup, input) : undefined;
      if (key === undefined) return make(lookup, policies, input);
      const before = find(key);
      if (before !== undefined) return before;
      const decision = make(lookup, policies, input);
      if (decision.reasons.some(({ code }) => code === POLICY_ERROR)) return decision;
      freeze(decision);
      keep(key, decision);
      return decision;
    },
  };
}

function isInstant(value: unknown): boolean {
  return typeof value === 'bigint' || Number.isInteger(value);
}

/** A decision is shared by all who ask alike, so nobody may change it. */
function freeze(value: unknown): void {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return;
  Object.freeze(value);
  for (const member of Object.values(value)) freeze(member);
}
