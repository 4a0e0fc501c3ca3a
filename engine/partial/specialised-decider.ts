/**
 * A decider that specialises the policy for whoever asks often: once an identity has made some decisions on a resource, the policy is
 * evaluated on the two as far as they go, and later decisions evaluate what is left. Its decisions are those of the whole policy.
 *
 * It belongs to one policy set, so to one revision and its data. How many specialised policies it holds is bounded; beyond it the one
 * asked longest ago goes, and the whole policy decides.
 */
import type { IdentityInput, PolicyInput, ResourceInput } from '../contract/input.ts';
import { createDecider, type Decider, type DeciderOptions } from '../decide.ts';
import type { PolicySet } from '../policy-set.ts';
import { isFixed } from '../reads/input-key.ts';
import { holdsPath, type InputPath, inputPathText } from '../reads/input-path.ts';
import { readsOfDecision } from '../reads/static-reads.ts';
import { errorOf } from '../run/failure.ts';
import { knownPart } from './known-input.ts';
import { Specialiser } from './specialise.ts';

/** Specialised policies a gateway holds at most. */
export const MAX_SPECIALISED = 64;
/** Decisions after which a policy is specialised: one that is asked less often is not worth it. */
export const SPECIALISE_AFTER = 32;

/** What does not change while a session lasts. */
const KNOWN: readonly InputPath[] = [['identity'], ['resource']];

export interface SpecialisingOptions extends Omit<DeciderOptions, 'data'> {
  /** Rules from which on a policy is specialised at all. */
  readonly leastRules?: number;
  readonly after?: number;
  readonly most?: number;
}

/** A count of decisions from which nothing is reached. */
const NEVER = Number.NEGATIVE_INFINITY;

/** Of one identity on one resource under one list of packages. */
interface Entry {
  readonly resource: ResourceInput;
  readonly policies: readonly string[];
  asked: number;
  decider: Decider | undefined;
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
  const { leastRules = 0, after = SPECIALISE_AFTER, most = MAX_SPECIALISED } = options;
  const rules = policySet.modules.modules.reduce((sum, module) => sum + module.rules.length, 0);
  if (rules < leastRules) return whole;
  const specialiser = new Specialiser(policySet, KNOWN);
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
      entry = { resource, policies: [...policies], asked: isKept ? 0 : NEVER, decider: undefined };
      // One that can change is not remembered: it would be looked for among ever more.
      if (isKept) list.push(entry);
    }
    return entry;
  }

  function specialised(policies: readonly string[], input: PolicyInput): Decider | undefined {
    try {
      return specialise(policies, input);
    } catch (cause) {
      options.onError?.(errorOf(cause));
      return undefined;
    }
  }

  function specialise(policies: readonly string[], input: PolicyInput): Decider {
    const known = knownPart(input, KNOWN);
    const made = specialiser.specialise(known, policies).policySet;
    const reads = readsOfDecision(policySet, policies)
      .filter((read) => KNOWN.some((path) => holdsPath(path, read)))
      .map(inputPathText);
    return withReads(createDecider(made, options), reads);
  }

  function use(entry: Entry): void {
    inUse.delete(entry);
    inUse.add(entry);
    if (inUse.size <= most) return;
    const [oldest] = inUse;
    if (oldest === undefined) return;
    inUse.delete(oldest);
    oldest.decider = undefined;
    oldest.asked = 0;
  }

  return {
    revision: whole.revision,
    decide(policies, input) {
      const entry = entryOf(policies, input);
      if (entry.decider === undefined) {
        entry.asked += 1;
        if (entry.asked <= after) return whole.decide(policies, input);
        entry.decider = specialised(policies, input);
        if (entry.decider === undefined) {
          entry.asked = NEVER;
          return whole.decide(policies, input);
        }
      }
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
