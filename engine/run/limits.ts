/**
 * What one evaluation may cost. Steps, depth and time are counted everywhere the interpreter loops or descends; passing one
 * of them ends the evaluation with `eval_limit_error`, which a decision turns into a block.
 */
import { EvaluationFailure } from './failure.ts';

export interface Limits {
  /** Literals, iterations and calls. */
  readonly steps: number;
  /** Nested rules, calls, comprehensions and iterating literals. */
  readonly depth: number;
  /** Milliseconds by `clock`. */
  readonly timeMs: number;
}

/**
 * Depth is bounded by the JavaScript stack: with the default 984 kB it overflows at 455 levels in the worst of seven shapes of
 * recursion measured (a chain of rules, each asking the next under a `with`); a caller's own frames need room too.
 */
export const DEFAULT_LIMITS: Limits = { steps: 10_000_000, depth: 320, timeMs: 5_000 };

/** The clock is asked once in so many steps; asking costs as much as a step. */
const STEPS_BETWEEN_CLOCK_READINGS = 1024;

/** Milliseconds from any fixed point; never goes back. */
export type MonotonicClock = () => number;

/** Counts what one evaluation has used. */
export class Budget {
  readonly #limits: Limits;
  readonly #clock: MonotonicClock;
  readonly #deadline: number;
  #steps = 0;
  #depth = 0;
  #nextReading = STEPS_BETWEEN_CLOCK_READINGS;

  constructor(limits: Limits, clock: MonotonicClock) {
    this.#limits = limits;
    this.#clock = clock;
    this.#deadline = clock() + limits.timeMs;
  }

  get steps(): number {
    return this.#steps;
  }

  /** Accounts for one unit of work. */
  step(): void {
    this.charge(1);
  }

  /** Accounts for several units of work. */
  charge(steps: number): void {
    this.#steps += steps;
    if (this.#steps > this.#limits.steps) {
      throw new EvaluationFailure('eval_limit_error', `more than ${this.#limits.steps} steps`);
    }
    if (this.#steps < this.#nextReading) return;
    this.#nextReading = this.#steps + STEPS_BETWEEN_CLOCK_READINGS;
    if (this.#clock() > this.#deadline) {
      throw new EvaluationFailure('eval_limit_error', `longer than ${this.#limits.timeMs} ms`);
    }
  }

  /** One level down; every call is paired with `leave`, except when a failure ends the evaluation. */
  enter(): void {
    this.#depth += 1;
    if (this.#depth > this.#limits.depth) {
      throw new EvaluationFailure('eval_limit_error', `nested deeper than ${this.#limits.depth}`);
    }
    this.step();
  }

  leave(): void {
    this.#depth -= 1;
  }
}
