/**
 * Evaluates what needs only the known part of an input, with the reference interpreter: results of rules are remembered from one term to
 * the next. What fails or takes too long has no answer here, and stays in the policy as it is.
 */
import type { Literal, Term } from '../../lang/ast/nodes.ts';
import { startEvaluation } from '../evaluate.ts';
import { Frame } from '../interpret/frame.ts';
import type { Machine } from '../interpret/machine.ts';
import type { World } from '../interpret/world.ts';
import type { PolicySet } from '../policy-set.ts';
import { errorOf } from '../run/failure.ts';
import type { Limits, MonotonicClock } from '../run/limits.ts';
import type { Value } from '../value/value.ts';
import { countLeaves, MAX_LEAVES } from './constant-term.ts';

/** Rows a run of literals may have; with more it stays as it is. */
export const MAX_ROWS = 64;
/** Evaluations that may fail before nothing more is evaluated. */
const MAX_FAILURES = 4;
/** What may be spent until one fails. */
const LIMITS: Partial<Limits> = { steps: 200_000, timeMs: 50 };

export type Rows = readonly (readonly Value[])[];

export class KnownEvaluator {
  readonly #policySet: PolicySet;
  readonly #input: unknown;
  readonly #clock: MonotonicClock | undefined;
  #running: { readonly machine: Machine; readonly world: World } | undefined;
  #failures = 0;

  constructor(policySet: PolicySet, input: unknown, clock?: MonotonicClock) {
    this.#policySet = policySet;
    this.#input = input;
    this.#clock = clock;
  }

  /** The values of the named variables in every solution of the literals; undefined when that cannot be told. */
  solve(
    literals: readonly Literal[],
    values: ReadonlyMap<string, Value>,
    names: readonly string[],
  ): Rows | undefined {
    const span = { start: 0, end: 0 };
    return this.#attempt(({ machine, world }) => {
      const frame = frameWith(values);
      const rows: (readonly Value[])[] = [];
      let leaves = 0;
      let isUsable = true;
      machine.solve({ machine, world, frame }, { kind: 'Body', literals, span }, () => {
        const row = names.map((name) => frame.get(name)).filter((value) => value !== undefined);
        for (const value of row) leaves += countLeaves(value, MAX_LEAVES - leaves);
        rows.push(row);
        isUsable = row.length === names.length && rows.length <= MAX_ROWS && leaves <= MAX_LEAVES;
        return !isUsable;
      });
      return isUsable ? rows : undefined;
    });
  }

  /** The value of a term that has exactly one, and a small one. */
  valueOf(term: Term, values: ReadonlyMap<string, Value>): Value | undefined {
    return this.#attempt(({ machine, world }) => {
      const found: Value[] = [];
      machine.each({ machine, world, frame: frameWith(values) }, term, (value) => {
        found.push(value);
        return found.length > 1;
      });
      const [value] = found;
      if (value === undefined || found.length > 1) return undefined;
      return countLeaves(value, MAX_LEAVES) > MAX_LEAVES ? undefined : value;
    });
  }

  /** True when every variable that evaluating the term can bind, or needs, has a value, and it calls no relation. */
  isGround(term: Term, values: ReadonlyMap<string, Value>): boolean {
    const { needed, enumerated, elements, many } = this.#policySet.facts.of(term);
    return !many && [...needed, ...enumerated, ...elements].every((name) => values.has(name));
  }

  isConstant(term: Term): boolean {
    return this.#policySet.facts.of(term).constant !== undefined;
  }

  #attempt<Result>(
    run: (running: { readonly machine: Machine; readonly world: World }) => Result | undefined,
  ): Result | undefined {
    if (this.#failures >= MAX_FAILURES) return undefined;
    const running = this.#running ?? this.#start();
    try {
      return run(running);
    } catch (cause) {
      if (errorOf(cause).code === 'eval_internal_error') throw cause;
      // A failure leaves the machine somewhere deep inside.
      this.#running = undefined;
      this.#failures += 1;
      return undefined;
    }
  }

  #start() {
    const running = startEvaluation(this.#policySet, {
      input: this.#input,
      limits: LIMITS,
      ...(this.#clock === undefined ? {} : { clock: this.#clock }),
    });
    this.#running = running;
    return running;
  }
}

function frameWith(values: ReadonlyMap<string, Value>): Frame {
  const frame = new Frame(undefined);
  for (const [name, value] of values) frame.bind(name, value);
  return frame;
}
