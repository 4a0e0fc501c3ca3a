/**
 * Decisions by compiled code. Where a package list has no plan, and where the evaluation ends with an error, the reference decides: it
 * says which rule was at fault. An exceeded limit is a block at once, since deciding anew would exceed it again.
 */
import { createBuiltinContext } from './builtins/context.ts';
import type { Decision } from './contract/decision.ts';
import type { PolicyInput } from './contract/input.ts';
import { DECISION_LIMITS, type Decider, type DeciderOptions, type Interpreted } from './decider.ts';
import { faultDecision, POLICY_ERROR } from './decision/decision-form.ts';
import type { CompiledSet, LinkedDecision } from './emit/compiled-set.ts';
import { prepareData } from './emit/prepare-data.ts';
import { CompiledWorld, EvaluationState } from './emit/world.ts';
import { member } from './interpret/input-document.ts';
import type { EvaluableSet } from './policy-set.ts';
import type { ReadableRules } from './reads/static-reads.ts';
import type { ReferenceDecider } from './reference-decider.ts';
import { describeError, type EvaluationError, errorOf } from './run/failure.ts';
import { Budget, DEFAULT_LIMITS } from './run/limits.ts';
import { limitError } from './value/fault.ts';
import type { Value } from './value/value.ts';

/** Lists of packages with code of their own: as many as there are resources with guards of their own. */
const MAX_LISTS = 256;
/** Steps the budget is charged at once. */
const PORTION = 1_024;

/** Rules with the code of decisions by them. */
export type DecidableSet = EvaluableSet &
  ReadableRules & { readonly code: Pick<CompiledSet, 'decision'> };

export class CompiledDecider implements Decider {
  readonly revision: string;
  readonly #policySet: DecidableSet;
  readonly #options: DeciderOptions;
  readonly #reference: ReferenceDecider;
  readonly #lists = new Map<string, Deciding | undefined>();
  #isFull = false;
  #last: readonly string[] = [];
  #lastDeciding: Deciding | undefined;

  constructor(policySet: DecidableSet, options: DeciderOptions, reference: ReferenceDecider) {
    this.revision = policySet.revision;
    this.#policySet = policySet;
    this.#options = options;
    this.#reference = reference;
  }

  decide(policies: readonly string[], input: PolicyInput): Decision {
    const deciding = this.#decidingFor(policies);
    const decision = deciding?.decide(input);
    if (decision !== undefined) return decision;
    const made = this.#reference.decide(policies, input);
    // What fails there as well is a fault of the policy or the input, and reported as that.
    if (deciding?.failure !== undefined && made.reasons.every(({ code }) => code !== POLICY_ERROR))
      this.#tellFailure(deciding, policies);
    return made;
  }

  prepare(policies: readonly string[]): void {
    this.#decidingFor(policies)?.prepare();
  }

  #decidingFor(policies: readonly string[]): Deciding | undefined {
    const last = this.#last;
    if (policies.length === last.length) {
      let isLast = last.length > 0;
      for (let at = 0; at < last.length; at += 1) if (policies[at] !== last[at]) isLast = false;
      if (isLast) return this.#lastDeciding;
    }
    const name = policies.join('\0');
    if (!this.#lists.has(name)) {
      if (this.#lists.size >= MAX_LISTS) {
        if (!this.#isFull)
          this.#tell(
            'interpreted/too-many-lists',
            policies,
            `more than ${MAX_LISTS} lists of packages`,
          );
        this.#isFull = true;
        return undefined;
      }
      this.#lists.set(name, this.#make(policies));
    }
    this.#last = [...policies];
    this.#lastDeciding = this.#lists.get(name);
    return this.#lastDeciding;
  }

  #make(policies: readonly string[]): Deciding | undefined {
    try {
      const linked = this.#policySet.code.decision(this.#policySet, policies);
      if (typeof linked === 'string') {
        this.#tell('interpreted/no-plan', policies, linked);
        return undefined;
      }
      const data = this.#options.data ?? this.#policySet.data;
      const taken = linked.documents.find((path) => hasValue(data, path));
      if (taken === undefined) return new Deciding(linked, this.#policySet, data, this.#options);
      this.#tell('interpreted/data-in-place', policies, `data stand at data.${taken.join('.')}`);
    } catch (cause) {
      this.#options.onError?.(errorOf(cause));
      this.#tell('interpreted/compile-failed', policies, describeError(errorOf(cause)));
    }
    return undefined;
  }

  #tellFailure(deciding: Deciding, policies: readonly string[]): void {
    if (deciding.isFailureTold || deciding.failure === undefined) return;
    deciding.isFailureTold = true;
    const isFault = deciding.failure.code === 'eval_internal_error';
    const code = isFault ? 'interpreted/code-failed' : 'interpreted/error-behind';
    this.#tell(code, policies, describeError(deciding.failure));
  }

  #tell(code: Interpreted['code'], policies: readonly string[], message: string): void {
    this.#options.onInterpreted?.({ code, policies: [...policies], message });
  }
}

function hasValue(data: Value, path: readonly string[]): boolean {
  return path.reduce<Value | undefined>(member, data) !== undefined;
}

/** Decides by one list of packages; what one decision needs is used again for the next. */
class Deciding {
  readonly #linked: LinkedDecision;
  readonly #world: CompiledWorld;
  readonly #options: DeciderOptions;
  readonly #revision: string;
  readonly #prepare: () => void;
  /** With what the code failed last; the interpreter decided instead. */
  failure: EvaluationError | undefined;
  isFailureTold = false;
  #budget: Budget | undefined;
  #input: PolicyInput | undefined;

  constructor(
    linked: LinkedDecision,
    policySet: DecidableSet,
    data: Value,
    options: DeciderOptions,
  ) {
    this.#linked = linked;
    this.#options = options;
    this.#revision = policySet.revision;
    this.#prepare = () => prepareData(policySet.caches, data, linked.searches);
    const instant = (): bigint | undefined => this.#nowNs();
    const context = createBuiltinContext({
      charge: (steps) => this.#chargeForBuiltin(steps),
      caches: policySet.caches,
    });
    const state = new EvaluationState({
      program: linked.program,
      builtins: policySet.builtins,
      context: {
        ...context,
        get nowNs() {
          return instant();
        },
      },
      strict: false,
      print: undefined,
      refuel: () => this.#refuel(),
    });
    this.#world = new CompiledWorld(state, undefined, data, policySet.tree, new Map());
  }

  /** Indexes what is looked up. */
  prepare(): void {
    this.#prepare();
  }

  /** Undefined when the reference has to decide. */
  decide(input: PolicyInput): Decision | undefined {
    // A builtin of the host may decide while a decision is made.
    if (this.#input !== undefined || !isInstant(input)) return undefined;
    this.#input = input;
    const world = this.#world;
    world.i = input;
    try {
      return this.#linked.decide(world);
    } catch (cause) {
      const error = errorOf(cause);
      if (error.code !== 'eval_limit_error') {
        this.failure = error;
        return undefined;
      }
      this.#options.onError?.(error);
      return faultDecision(describeError(error), this.#revision);
    } finally {
      this.#input = undefined;
      this.#budget = undefined;
      world.forget();
    }
  }

  #nowNs(): bigint | undefined {
    const now = this.#input?.context.now_ns;
    return now === undefined ? undefined : BigInt(now);
  }

  /** Made when a decision has taken as many steps as one may without asking, which most never do. */
  #budgetOf(): Budget {
    const { clock = performance.now.bind(performance), gauge, limits } = this.#options;
    this.#budget ??= new Budget({ ...DEFAULT_LIMITS, ...DECISION_LIMITS, ...limits }, clock, gauge);
    return this.#budget;
  }

  #refuel(): number {
    this.#budgetOf().charge(PORTION);
    return PORTION - 1;
  }

  #chargeForBuiltin(steps: number): ReturnType<typeof limitError> | undefined {
    try {
      this.#budgetOf().charge(steps);
      return undefined;
    } catch (cause) {
      const error = errorOf(cause);
      if (error.code === 'eval_limit_error') return limitError(error.message);
      throw cause;
    }
  }
}

/** Whether the time of a decision is one: without it the reference says what is wrong with the input. */
function isInstant(input: PolicyInput): boolean {
  const now: unknown = input?.context?.now_ns;
  return typeof now === 'bigint' || Number.isInteger(now);
}
