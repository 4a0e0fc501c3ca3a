/**
 * A decider that specialises the policy for whoever costs most: once the decisions of an identity on a resource have taken some time, the
 * policy is evaluated on the two as far as they go, and later decisions evaluate what is left. Its decisions are those of the whole policy.
 *
 * It belongs to one policy set, so to one revision and its data. How many specialised policies it holds is bounded; beyond it the one
 * asked longest ago goes, and the whole policy decides.
 */
import type { Decision } from '../contract/decision.ts';
import type { IdentityInput, PolicyInput, ResourceInput } from '../contract/input.ts';
import { createDecider, type Decider, type DeciderOptions } from '../decide.ts';
import type { PolicySet } from '../policy-set.ts';
import { isFixed } from '../reads/input-key.ts';
import { holdsPath, type InputPath, inputPathText } from '../reads/input-path.ts';
import { readsOfDecision } from '../reads/static-reads.ts';
import { errorOf } from '../run/failure.ts';
import { type KnownInput, knownPart } from './known-input.ts';
import { type Schedule, SlicedWork } from './sliced-work.ts';
import { Specialiser } from './specialise.ts';

/** Specialised policies a gateway holds at most. */
export const MAX_SPECIALISED = 64;
/**
 * Milliseconds that decisions of one session take before its policy is specialised. Measured: specialising 1,000 rules takes as long as
 * this, so that it costs at most what was spent already, and a session of cheap decisions never pays for it. With `schedule` it is done in
 * slices between decisions.
 */
export const SPECIALISE_AFTER_MS = 50;
/** One decision in so many is timed, beginning with the second; the first has code made for it. */
const TIMED_EVERY = 32;
/** Rules beyond which a policy is not specialised: what is worked out once for all sessions is not done in slices. */
const MAX_RULES = 5_000;
/** Rules that may be left: making code of them is one piece, up to 60 ms for so many. */
const MAX_LEFT = 1_000;

/** What does not change while a session lasts. */
const KNOWN: readonly InputPath[] = [['identity'], ['resource']];

export interface SpecialisingOptions extends Omit<DeciderOptions, 'data'> {
  readonly afterMs?: number;
  readonly most?: number;
  /** Runs slices of the work between decisions; without it a decision waits for the whole. */
  readonly schedule?: Schedule;
}

/** A time spent from which nothing is reached. */
const NEVER = Number.NEGATIVE_INFINITY;

/** Of one identity on one resource under one list of packages. */
interface Entry {
  readonly resource: ResourceInput;
  readonly policies: readonly string[];
  asked: number;
  /** Milliseconds that the decisions so far took, estimated. */
  spentMs: number;
  decider: Decider | undefined;
  /** It is being specialised: the whole policy decides meanwhile. */
  isWaiting: boolean;
}

/**
 * A decider over `whole`, which decides by the same set. Only identities and resources that can never change, frozen to their leaves, are
 * known: the same object then has the same values.
 */
export function specialiseDecisions(
  policySet: PolicySet,
  whole: Decider,
  options: SpecialisingOptions = {},
): Decider {
  const { afterMs = SPECIALISE_AFTER_MS, most = MAX_SPECIALISED } = options;
  const clock = options.clock ?? performance.now.bind(performance);
  const rules = policySet.modules.modules.reduce((sum, module) => sum + module.rules.length, 0);
  if (rules > MAX_RULES) return whole;
  const slices = options.schedule && new SlicedWork(options.schedule, clock);
  const specialiser = new Specialiser(policySet, KNOWN, slices?.worked);
  if (!specialiser.helps) return whole;
  const entries = new WeakMap<IdentityInput, Entry[]>();
  const inUse = new Set<Entry>();

  function entryOf(policies: readonly string[], { identity, resource }: PolicyInput): Entry {
    let list = entries.get(identity);
    if (list === undefined) {
      list = [];
      entries.set(identity, list);
    }
    let entry = list.find(
      (other) => other.resource === resource && isSameList(other.policies, policies),
    );
    if (entry === undefined) {
      const isKept = isFixed(identity) && isFixed(resource);
      const spentMs = isKept ? 0 : NEVER;
      entry = {
        resource,
        policies: [...policies],
        asked: 0,
        spentMs,
        decider: undefined,
        isWaiting: false,
      };
      // One that can change is not remembered: it would be looked for among ever more.
      if (isKept) list.push(entry);
    }
    return entry;
  }

  /** Makes the decider of an entry, resting where the specialiser does. */
  function* specialising(entry: Entry, known: KnownInput): Generator<undefined, void, undefined> {
    const { policies } = entry;
    const made = yield* specialiser.specialising(known, policies);
    if (made.rules.after > MAX_LEFT) {
      entry.spentMs = NEVER;
      return;
    }
    yield undefined;
    const decider = createDecider(made.policySet, options);
    decider.prepare?.(policies);
    const reads = readsOfDecision(policySet, policies)
      .filter((read) => KNOWN.some((path) => holdsPath(path, read)))
      .map(inputPathText);
    entry.decider = withReads(decider, reads);
    use(entry);
  }

  function fail(entry: Entry, cause: unknown): void {
    entry.spentMs = NEVER;
    options.onError?.(errorOf(cause));
  }

  /** Specialises at once, or begins to. */
  function begin(entry: Entry, input: PolicyInput): void {
    const work = specialising(entry, knownPart(input, KNOWN));
    if (slices === undefined) {
      try {
        while (work.next().done !== true);
      } catch (cause) {
        fail(entry, cause);
      }
      return;
    }
    if (slices.waiting >= most) return;
    entry.isWaiting = true;
    slices.add(work, (cause) => fail(entry, cause));
  }

  function use(entry: Entry): void {
    inUse.delete(entry);
    inUse.add(entry);
    if (inUse.size <= most) return;
    const [oldest] = inUse;
    if (oldest === undefined) return;
    inUse.delete(oldest);
    oldest.decider = undefined;
    oldest.spentMs = 0;
  }

  function decideWhole(entry: Entry, policies: readonly string[], input: PolicyInput): Decision {
    entry.asked += 1;
    if (entry.asked % TIMED_EVERY !== 2) return whole.decide(policies, input);
    const start = clock();
    const decision = whole.decide(policies, input);
    entry.spentMs += (clock() - start) * TIMED_EVERY;
    return decision;
  }

  return {
    revision: whole.revision,
    prepare: (policies) => whole.prepare?.(policies),
    decide(policies, input) {
      const entry = entryOf(policies, input);
      if (entry.decider === undefined && !entry.isWaiting && entry.spentMs >= afterMs)
        begin(entry, input);
      if (entry.decider === undefined) return decideWhole(entry, policies, input);
      entry.isWaiting = false;
      use(entry);
      return entry.decider.decide(policies, input);
    },
  };
}

function isSameList(left: readonly string[], right: readonly string[]): boolean {
  return (
    left === right || (left.length === right.length && left.every((name, at) => name === right[at]))
  );
}

/** Known values were read when the policy was specialised: a decision depends on them as before. */
function withReads(decider: Decider, reads: readonly string[]): Decider {
  return {
    revision: decider.revision,
    decide(policies, input) {
      const decision = decider.decide(policies, input);
      return { ...decision, reads: [...new Set([...decision.reads, ...reads])].sort() };
    },
  };
}
