/**
 * Tries definitions with the plan that decides, watched while it runs: the same steps, made into code that tells how far it comes. Code is
 * made for one list of documents when they are first explained.
 */
import type { LinkedWatch } from '../emit/compiled-set.ts';
import type { RuleWatcher } from '../emit/linked-program.ts';
import { fuelled, startWorld } from '../emit/run-compiled.ts';
import { type EvaluationOptions, runOptions } from '../evaluate.ts';
import type { RuleNode } from '../interpret/rule-tree.ts';
import type { World } from '../interpret/world.ts';
import type { WatchedBranch } from '../plan/watch-plan.ts';
import type { PolicySet } from '../policy-set.ts';
import type { Value } from '../value/value.ts';
import { type Attempt, MAX_ATTEMPTS } from './body-watch.ts';
import { valueText } from './shown.ts';
import { MAX_VALUES, type Trial, type TryRule } from './trial.ts';

/** Tries definitions of these documents; undefined where they have no plan. `world` is what their explanation is told in. */
export function tryPlanned(
  policySet: PolicySet,
  nodes: readonly RuleNode[],
  options: EvaluationOptions,
  world: World,
): TryRule | undefined {
  const linked = policySet.code.watch(nodes);
  if (typeof linked === 'string') return undefined;
  const run = runOptions(policySet, { ...options, engine: 'compiled' });
  const compiled = startWorld(linked.program, run);
  const tryBranch = (branch: WatchedBranch): Trial => {
    const watcher = new Watcher(branch, world);
    const form = linked.forms[branch.form];
    if (form === undefined) throw new Error('a rule has no form');
    fuelled(linked.program, run.budget, () => form(compiled, branch.constants, watcher));
    return watcher.trial();
  };
  return (rule) => {
    const trials: Trial[] = [];
    for (const branch of branchesOf(linked, rule)) {
      const trial = tryBranch(branch);
      trials.push(trial);
      if (trial.solution !== undefined) break;
    }
    return trials;
  };
}

function branchesOf(
  { rules }: LinkedWatch,
  rule: Parameters<TryRule>[0],
): readonly WatchedBranch[] {
  const watched = rules.get(rule);
  if (watched === undefined) throw new Error(`no plan of ${rule.path.join('.')} is watched`);
  return watched.branches;
}

class Watcher implements RuleWatcher {
  readonly #branch: WatchedBranch;
  readonly #world: World;
  readonly #values = new Set<string>();
  #index = -1;
  #tries = 0;
  #attempts: (readonly Value[])[] = [];
  #last: readonly Value[] = [];
  #solution: Attempt | undefined;

  constructor(branch: WatchedBranch, world: World) {
    this.#branch = branch;
    this.#world = world;
  }

  reach(literal: number, values: readonly Value[]): void {
    this.#last = values;
    if (literal < this.#index) return;
    if (literal > this.#index) {
      this.#index = literal;
      this.#tries = 0;
      this.#attempts = [];
    }
    this.#tries += 1;
    if (this.#attempts.length < MAX_ATTEMPTS) this.#attempts.push(values);
  }

  found(value: Value): boolean {
    this.#solution ??= this.#attemptOf(this.#index, this.#last);
    this.#values.add(valueText(value));
    return this.#values.size === MAX_VALUES;
  }

  trial(): Trial {
    const index = this.#index;
    const attempts = this.#attempts.map((values) => this.#attemptOf(index, values));
    const stop = { index, attempts, tries: this.#tries };
    const solution = this.#solution;
    return { solution, values: [...this.#values], stop: solution === undefined ? stop : undefined };
  }

  #attemptOf(literal: number, values: readonly Value[]): Attempt {
    const names = this.#branch.names[literal] ?? [];
    const bindings = new Map<string, Value>();
    for (const [at, name] of names.entries()) {
      const value = values[at];
      if (value !== undefined) bindings.set(name, value);
    }
    return { bindings, world: this.#world };
  }
}
