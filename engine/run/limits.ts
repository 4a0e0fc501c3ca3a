/**
 * What one evaluation may cost. Steps, depth, time and memory are counted everywhere an evaluation loops or descends; passing one
 * of them ends it with `eval_limit_error`, which a decision turns into a block.
 */
import { getHeapStatistics } from 'node:v8';
import { EvaluationFailure } from './failure.ts';

export interface Limits {
  /** Literals, iterations and calls. */
  readonly steps: number;
  /** Nested rules, calls, comprehensions and iterating literals. */
  readonly depth: number;
  /** Milliseconds by `clock`. */
  readonly timeMs: number;
  /** Megabytes by which what the process holds may grow meanwhile; what is not held any more counts until it is collected. */
  readonly memoryMb: number;
}

/**
 * Depth is bounded by the JavaScript stack: with the default 984 kB it overflows at 455 levels in the worst of seven shapes of
 * recursion measured (a chain of rules, each asking the next under a `with`); a caller's own frames need room too.
 */
export const DEFAULT_LIMITS: Limits = {
  steps: 10_000_000,
  depth: 320,
  timeMs: 5_000,
  memoryMb: 1_024,
};

/** The clock is asked once in so many steps; asking costs as much as a step. */
const STEPS_BETWEEN_CLOCK_READINGS = 1024;
/** Readings of the clock between two of memory, which cost 2 µs. */
const CLOCK_READINGS_PER_GAUGE = 16;
const MEGABYTE = 1_000_000;

/** Milliseconds from any fixed point; never goes back. */
export type MonotonicClock = () => number;

/** Bytes that the process holds. */
export type MemoryGauge = () => number;

function heldBytes(): number {
  const { used_heap_size: heap, external_memory: outside } = getHeapStatistics();
  return heap + outside;
}

/** Counts what one evaluation has used. */
export class Budget {
  readonly #limits: Limits;
  readonly #clock: MonotonicClock;
  readonly #deadline: number;
  readonly #gauge: MemoryGauge;
  #mostBytes: number | undefined;
  #readings = 0;
  #steps = 0;
  #depth = 0;
  #nextReading = STEPS_BETWEEN_CLOCK_READINGS;

  constructor(limits: Limits, clock: MonotonicClock, gauge: MemoryGauge = heldBytes) {
    this.#limits = limits;
    this.#clock = clock;
    this.#gauge = gauge;
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
    this.#readings += 1;
    if (this.#readings % CLOCK_READINGS_PER_GAUGE === 1) this.#weigh();
  }

  /** The first reading is what the process held before. */
  #weigh(): void {
    const bytes = this.#gauge();
    const { memoryMb } = this.#limits;
    this.#mostBytes ??= bytes + memoryMb * MEGABYTE;
    if (bytes > this.#mostBytes)
      throw new EvaluationFailure('eval_limit_error', `more than ${memoryMb} MB`);
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
