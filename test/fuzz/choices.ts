/**
 * A tape of small numbers that a generator consumes: the same tape always builds the same thing, and a shorter tape of smaller
 * numbers builds a simpler one, so that fast-check's shrinking of plain arrays shrinks whole modules. Every generator
 * therefore lists its simplest alternative first.
 */
export class Choices {
  readonly #tape: readonly number[];
  #at = 0;

  constructor(tape: readonly number[]) {
    this.#tape = tape;
  }

  /** An integer in `[0, bound)`; 0 once the tape has run out. */
  below(bound: number): number {
    const next = this.#tape[this.#at] ?? 0;
    this.#at += 1;
    return next % bound;
  }

  /** One element; the first once the tape has run out. */
  one<T>(list: readonly T[]): T {
    const found = list[this.below(list.length)];
    if (found === undefined) throw new RangeError('nothing to choose from');
    return found;
  }

  /** True in about `percent` of a hundred draws; false once the tape has run out. */
  chance(percent: number): boolean {
    return this.below(100) >= 100 - percent;
  }

  /** Runs `make` between `least` and `most` times. */
  several<T>(least: number, most: number, make: () => T): T[] {
    return Array.from({ length: least + this.below(most - least + 1) }, make);
  }
}
