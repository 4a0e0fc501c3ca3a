/** From a state and what holds next to the state that follows: a table of numbers without objects, so that looking up makes no garbage. */

/** Numbers of one entry: state, what holds, the state that follows, and room so that none crosses lines of the cache. */
const ENTRY_SIZE = 4;
const FIRST_ENTRIES = 256;
/** Odd constants that spread neighbouring numbers: the golden ratio, and a prime of MurmurHash. */
const SPREAD_STATE = 0x9e3779b1;
const SPREAD_HOLDS = 0x85ebca6b;

export class Transitions {
  #numbers = new Int32Array(FIRST_ENTRIES * ENTRY_SIZE);
  #size = 0;

  /** The state that follows; 0 when none is known. States begin at 1. */
  get(state: number, holds: number): number {
    const numbers = this.#numbers;
    const last = numbers.length - 1;
    for (let at = placeOf(state, holds, last); ; at = (at + ENTRY_SIZE) & last) {
      const known = numbers[at] ?? 0;
      if (known === 0) return 0;
      if (known === state && numbers[at + 1] === holds) return numbers[at + 2] ?? 0;
    }
  }

  set(state: number, holds: number, next: number): void {
    if (this.#size * 2 * ENTRY_SIZE >= this.#numbers.length) this.#grow();
    this.#put(state, holds, next);
    this.#size += 1;
  }

  clear(): void {
    this.#numbers = new Int32Array(FIRST_ENTRIES * ENTRY_SIZE);
    this.#size = 0;
  }

  #put(state: number, holds: number, next: number): void {
    const numbers = this.#numbers;
    const last = numbers.length - 1;
    let at = placeOf(state, holds, last);
    while (numbers[at] !== 0) at = (at + ENTRY_SIZE) & last;
    numbers.set([state, holds, next], at);
  }

  #grow(): void {
    const before = this.#numbers;
    this.#numbers = new Int32Array(before.length * 2);
    for (let at = 0; at < before.length; at += ENTRY_SIZE) {
      const state = before[at] ?? 0;
      if (state !== 0) this.#put(state, before[at + 1] ?? 0, before[at + 2] ?? 0);
    }
  }
}

function placeOf(state: number, holds: number, last: number): number {
  const spread = Math.imul(state, SPREAD_STATE) ^ Math.imul(holds, SPREAD_HOLDS);
  return ((spread ^ (spread >>> 15)) * ENTRY_SIZE) & last;
}
