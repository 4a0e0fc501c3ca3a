/** What tables of rules are made of while a decision walks through them. Filled when a policy set is compiled, read-only afterwards. */
import type { IndexKey } from './rule-path.ts';

/** What lies behind a place of a template: one entry a feature, or that of its only feature itself. */
export type Slot = readonly Slot[] | KeyTable | PrefixTable | FlagRows | readonly Row[] | undefined;
export type KeyTable = Map<IndexKey, Slot>;

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

/** Something rules say when they hold, for following one saying after another. */
export class Says {
  /** A number of its own within a plan. */
  readonly step: number;
  /** By number, in the order of the documents; bit n of what holds is the nth. */
  readonly sayings: number[] = [];
  /** States that follow the first one, by what holds. */
  readonly first: unknown[] = [];

  constructor(step: number) {
    this.step = step;
    // Filled, so that it stays a list without holes.
    for (let held = 0; held < HELD_STATES; held += 1) this.first.push(undefined);
  }
}

/** Rules that one `Says` stands for. */
const RULES_HELD = 4;
/** What can hold of them. */
export const HELD_STATES = 2 ** RULES_HELD;

/** A rule that holds when its flags are set and its own steps say so. */
export interface Row {
  readonly flags: number;
  readonly says: Says;
  /** What it is written with, where rows of the same form differ. */
  readonly constants: readonly unknown[];
}

/** Never set: what asks for it never holds. */
const NEVER = -0x80000000;

/** Up to four rules that hold by flags alone; more of them follow. Fields, not lists: a lookup touches one object. */
export class FlagRows extends Says {
  a = NEVER;
  b = NEVER;
  c = NEVER;
  d = NEVER;
  more: FlagRows | undefined = undefined;

  /** False when there is no room. */
  add(flags: number, saying: number): boolean {
    if (this.sayings.length === RULES_HELD) return false;
    const at = this.sayings.push(saying);
    if (at === 1) this.a = flags;
    else if (at === 2) this.b = flags;
    else if (at === 3) this.c = flags;
    else this.d = flags;
    return true;
  }
}
