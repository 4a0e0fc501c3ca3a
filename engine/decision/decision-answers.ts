/**
 * What a decision is, given which sayings hold. A state stands for a set of sayings, whichever way it was reached; its decision is made
 * once, frozen, and given to all who ask alike. Only where a rule says something computed is a decision put together anew.
 */
import type { Decision } from '../contract/decision.ts';
import type { DecisionPlan } from '../plan/decision-plan.ts';
import { BLOCK, type BlockTable } from '../plan/match-tables.ts';
import { DecisionComposer, type Spoken } from './decision-composer.ts';
import { DecisionRecipe, markOf } from './decision-recipe.ts';
import { Transitions } from './decision-transitions.ts';
import type { Computed } from './saying-reader.ts';

/** States that are remembered; when there are more, all are forgotten. Each is some hundred bytes. */
const MAX_STATES = 65_536;
/** Of what holds, the bits that say which rules of a block do. */
const HELD_BITS = 3;

/** States are numbers; 0 is the one in which nothing holds. */
export class DecisionAnswers {
  readonly decisions: (Decision | undefined)[] = [undefined];
  readonly transitions = new Transitions();
  readonly #composer: DecisionComposer;
  readonly #blocks: BlockTable;
  /** By state: numbers of what holds, ascending. */
  readonly #sayings: (readonly number[])[] = [[]];
  readonly #spoken: (readonly Spoken[] | undefined)[] = [];
  /** By state: null where there is none. */
  readonly #recipes: (DecisionRecipe | null | undefined)[] = [];
  readonly #states = new Map<string, number>([['', 0]]);

  constructor(plan: DecisionPlan, revision: string, reads: readonly string[]) {
    this.#composer = new DecisionComposer(plan, revision, reads);
    this.#blocks = plan.match.blocks;
  }

  /** The numbers of the blocks, in which the states that follow the first one are. */
  get numbers(): Int32Array {
    return this.#blocks.numbers;
  }

  /** The state when more holds: a block, plus which of its rules. */
  follow(state: number, holds: number): number {
    const block = holds & ~HELD_BITS;
    const more = this.#blocks.sayingsOf(block).filter((_, bit) => ((holds & HELD_BITS) >> bit) & 1);
    const sayings = [...new Set([...(this.#sayings[state] ?? []), ...more])].sort((a, b) => a - b);
    const key = sayings.join();
    let next = this.#states.get(key);
    if (next === undefined) {
      next = this.#sayings.push(sayings) - 1;
      this.decisions.push(undefined);
      this.#states.set(key, next);
    }
    if (state === 0) this.numbers[holds + BLOCK.leads] = next;
    else this.transitions.set(state, holds, next);
    return next;
  }

  /** The decision of a state; undefined where the reference has to say what is wrong. */
  conclude(state: number): Decision | undefined {
    const decision = this.#composer.compose(this.#spokenIn(state));
    if (this.#sayings.length > MAX_STATES) this.#forget();
    else if (decision !== undefined) this.decisions[state] = freeze(decision);
    return decision;
  }

  /** The decision of a state and of what is computed: blocks that say something and its values alternate. */
  compose(state: number, computed: readonly unknown[]): Decision | undefined {
    let recipe = this.#recipes[state];
    if (recipe === undefined) {
      recipe = this.#makeRecipe(state, computed) ?? null;
      if (this.#sayings.length > MAX_STATES) this.#forget();
      else this.#recipes[state] = recipe;
    }
    return recipe?.fill(computed) ?? this.#composer.compose(this.#withComputed(state, computed));
  }

  #makeRecipe(state: number, computed: readonly unknown[]): DecisionRecipe | undefined {
    const blocks = [...new Set(computed.filter((_, at) => at % 2 === 0))] as readonly number[];
    const marked = blocks.flatMap((block) => [block, markOf(block)]);
    const spoken = this.#withComputed(state, marked);
    if (!this.#composer.canMark(spoken)) return undefined;
    const decision = this.#composer.compose(spoken);
    return decision && new DecisionRecipe(freeze(decision), blocks);
  }

  /** Everything said, in the order of the sayings; of one rule in the order it was computed. */
  #withComputed(state: number, computed: readonly unknown[]): readonly Spoken[] {
    const spoken = [...this.#spokenIn(state)];
    for (let at = 0; at + 1 < computed.length; at += 2) {
      const [saying = 0] = this.#blocks.sayingsOf(computed[at] as number);
      let to = spoken.length;
      while (to > 0 && (spoken[to - 1]?.saying ?? 0) > saying) to -= 1;
      spoken.splice(to, 0, { saying, computed: computed[at + 1] as Computed });
    }
    return spoken;
  }

  #spokenIn(state: number): readonly Spoken[] {
    let spoken = this.#spoken[state];
    if (spoken === undefined) {
      // What is computed is said with its value.
      const known = (this.#sayings[state] ?? []).filter((saying) => this.#composer.isKnown(saying));
      spoken = known.map((saying) => ({ saying, computed: undefined }));
      this.#spoken[state] = spoken;
    }
    return spoken;
  }

  #forget(): void {
    this.decisions.length = 1;
    this.#sayings.length = 1;
    this.#spoken.length = 0;
    this.#recipes.length = 0;
    this.#states.clear();
    this.#states.set('', 0);
    this.transitions.clear();
    this.#blocks.forgetStates();
  }
}

/** A decision is shared by all who ask alike, so nobody may change it. */
function freeze<Shared>(value: Shared): Shared {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const member of Object.values(value)) freeze(member);
  return value;
}
