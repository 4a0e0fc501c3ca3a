/**
 * What tables of rules are made of while a decision walks through them. Rules and what follows from them are numbers in one list, so that
 * a decision among ten thousand rules touches few places of memory: measured, places are what its time goes into.
 */
import type { IndexKey } from './rule-path.ts';
import { internedText, TextTable } from './text-table.ts';

/** What lies behind a place of a template: one entry a feature, or that of its only feature itself. A number is a block. */
export type Slot = readonly Slot[] | KeyTable | PrefixTable | number | readonly Row[] | undefined;
export type KeyTable = ReadonlyMap<IndexKey, Slot> | TextTable<Slot>;

/** The quickest table for these keys. */
export function keyTable(slots: readonly (readonly [IndexKey, Slot])[]): KeyTable {
  const few = slots.every(isByText) ? TextTable.of(slots) : undefined;
  if (few !== undefined) return few;
  return new Map(
    slots.map(([key, slot]) => [typeof key === 'string' ? internedText(key) : key, slot]),
  );
}

function isByText(slot: readonly [IndexKey, Slot]): slot is readonly [string, Slot] {
  return typeof slot[0] === 'string';
}

/** Prefixes by length: looking one up costs as many questions as there are lengths. */
export class PrefixTable {
  readonly lengths: number[] = [];
  readonly tables = new Map<string, Slot>();

  /** Makes room for a prefix. */
  addLength(prefix: string): void {
    if (this.lengths.includes(prefix.length)) return;
    this.lengths.push(prefix.length);
    this.lengths.sort((a, b) => a - b);
  }
}

/** A rule that holds when its flags are set and its own steps say so. */
export interface Row {
  readonly flags: number;
  /** The block of what it says. */
  readonly says: number;
  /** What it is written with, where rows of the same form differ. */
  readonly constants: readonly unknown[];
}

/** Numbers of a block: half a line of the cache. */
const BLOCK_SIZE = 8;
/** Where in a block what stands: flags of its two rules, the next block of the same place, states that follow the first one. */
export const BLOCK = { first: 0, second: 1, more: 2, leads: 2 } as const;
/** Never set: what asks for it never holds. */
const NEVER = -0x80000000;
const RULES_PER_BLOCK = 2;

/**
 * Blocks of two rules. What holds of a block is a number: bit 0 the first rule, bit 1 the second. `numbers[block + leads + held]` is the
 * state that follows the first one, 0 while it is not known.
 */
export class BlockTable {
  #numbers: Int32Array;
  /** Block 0 is none. */
  #used: number;
  readonly #sayings: (readonly number[])[];

  /** A new table, or one of the numbers of another and what its blocks say. */
  constructor(of?: Pick<BlockTable, 'numbers' | 'sayings'>) {
    this.#numbers = of === undefined ? new Int32Array(BLOCK_SIZE * 64) : of.numbers.slice();
    this.#sayings = of === undefined ? [[]] : [...of.sayings];
    this.#used = this.#sayings.length * BLOCK_SIZE;
  }

  get numbers(): Int32Array {
    return this.#numbers;
  }

  /** What the rules of each block say; the first is none. */
  get sayings(): readonly (readonly number[])[] {
    return this.#sayings;
  }

  /** A block of its own for something that says one of these when it holds. */
  add(sayings: readonly number[]): number {
    if (sayings.length > RULES_PER_BLOCK) throw new RangeError('more sayings than a block has');
    const block = this.#used;
    this.#used += BLOCK_SIZE;
    if (this.#used > this.#numbers.length) {
      const more = new Int32Array(this.#numbers.length * 2);
      more.set(this.#numbers);
      this.#numbers = more;
    }
    this.#numbers[block + BLOCK.first] = NEVER;
    this.#numbers[block + BLOCK.second] = NEVER;
    this.#sayings[block / BLOCK_SIZE] = [...sayings];
    return block;
  }

  /** Puts a rule that holds by flags alone to those of a block. */
  addRule(first: number, flags: number, saying: number): void {
    let block = first;
    for (;;) {
      const sayings = this.sayingsOf(block);
      if (sayings.length < RULES_PER_BLOCK) {
        this.#numbers[block + sayings.length] = flags;
        this.#sayings[block / BLOCK_SIZE] = [...sayings, saying];
        return;
      }
      const next = this.#numbers[block + BLOCK.more] ?? 0;
      if (next !== 0) block = next;
      else {
        const more = this.add([]);
        this.#numbers[block + BLOCK.more] = more;
        block = more;
      }
    }
  }

  sayingsOf(block: number): readonly number[] {
    return this.#sayings[block / BLOCK_SIZE] ?? [];
  }

  /** Forgets which states follow. */
  forgetStates(): void {
    for (let block = BLOCK_SIZE; block < this.#used; block += BLOCK_SIZE)
      this.#numbers.fill(0, block + BLOCK.leads + 1, block + BLOCK_SIZE);
  }
}
