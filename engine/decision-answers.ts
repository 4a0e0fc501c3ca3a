/**
 * What a decision is, given which sayings hold. A state stands for a set of sayings, whichever way it was reached; its decision is made
 * once, frozen, and given to all who ask alike. Only where a rule says something computed is a decision put together anew.
 */
import type { Decision } from './contract/decision.ts';
import { DecisionComposer, type Spoken } from './decision-composer.ts';
import type { DecisionPlan } from './plan/decision-plan.ts';
import { HELD_STATES, type Says } from './plan/match-tables.ts';
import type { Value } from './value/value.ts';

/** States that are remembered; when there are more, all are forgotten. Each is some hundred bytes. */
const MAX_STATES = 65_536;

/** A set of sayings that hold. */
export interface DecisionState {
  /** Their numbers, ascending. */
  readonly sayings: readonly number[];
  /** States that follow, by number of what is said times sixteen plus what holds of it. */
  readonly next: Map<number, DecisionState>;
  decision: Decision | undefined;
}

export class DecisionAnswers {
  /** Nothing holds. */
  readonly first: DecisionState = { sayings: [], next: new Map(), decision: undefined };
  readonly #composer: DecisionComposer;
  readonly #states = new Map<string, DecisionState>();
  readonly #led = new Set<Says>();

  constructor(plan: DecisionPlan, revision: string, reads: readonly string[]) {
    this.#composer = new DecisionComposer(plan, revision, reads);
  }

  /** The state when more holds. */
  follow(state: DecisionState, says: Says, held: number): DecisionState {
    const more = says.sayings.filter((_, bit) => (held >> bit) & 1);
    const sayings = [...new Set([...state.sayings, ...more])].sort((a, b) => a - b);
    if (this.#states.size >= MAX_STATES) this.#forget();
    const key = sayings.join();
    let next = this.#states.get(key);
    if (next === undefined) {
      next = { sayings, next: new Map(), decision: undefined };
      this.#states.set(key, next);
    }
    if (state !== this.first) state.next.set(says.step * HELD_STATES + held, next);
    else {
      says.first[held] = next;
      this.#led.add(says);
    }
    return next;
  }

  /** The decision of a state; undefined where the reference has to say what is wrong. */
  conclude(state: DecisionState): Decision | undefined {
    const decision = this.#composer.compose(state.sayings, []);
    if (decision !== undefined) state.decision = freeze(decision);
    return decision;
  }

  /** The decision of a state and of what is computed: numbers of sayings and their values alternate. */
  compose(state: DecisionState, computed: readonly unknown[]): Decision | undefined {
    const spoken: Spoken[] = [];
    for (let at = 0; at + 1 < computed.length; at += 2)
      spoken.push({
        saying: computed[at] as number,
        computed: computed[at + 1] as Value | readonly Value[],
      });
    return this.#composer.compose(state.sayings, spoken);
  }

  #forget(): void {
    this.#states.clear();
    for (const says of this.#led) says.first.fill(undefined);
    this.#led.clear();
  }
}

/** A decision is shared by all who ask alike, so nobody may change it. */
function freeze<Shared>(value: Shared): Shared {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const member of Object.values(value)) freeze(member);
  return value;
}
