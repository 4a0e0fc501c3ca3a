/**
 * Few texts, each with a place of its own that follows from its length and two of its characters, so that one comparison tells whether a
 * text is among them. Measured, a third of what a `Map` costs; where no such places are found, a `Map` has to do.
 */

/** More texts than these are not given places. */
const MAX_TEXTS = 32;
/** Places a text, at most. */
const MAX_SPREAD = 4;
/** By what the second character is multiplied; the first one that keeps the texts apart is taken. */
const FACTORS = [1, 3, 7, 13] as const;
/** Positions in a text that are looked at. */
const MAX_POSITIONS = 24;

/** How a text gets its place. */
export interface Spread {
  /** Characters of the shortest text: a shorter one may lack those that are looked at. */
  readonly shortest: number;
  /** Positions of the characters. */
  readonly first: number;
  readonly second: number;
  /** 0: the second character does not count. */
  readonly factor: number;
  /** Number of places less one, all bits of it set. */
  readonly mask: number;
}

export class TextTable<Item> {
  readonly spread: Spread;
  /** By place. */
  readonly texts: readonly (string | undefined)[];
  readonly items: readonly (Item | undefined)[];

  private constructor(entries: readonly (readonly [string, Item])[], spread: Spread) {
    const texts = new Array<string | undefined>(spread.mask + 1).fill(undefined);
    const items = new Array<Item | undefined>(spread.mask + 1).fill(undefined);
    for (const [text, item] of entries) {
      const place = placeOf(text, spread);
      texts[place] = internedText(text);
      items[place] = item;
    }
    this.spread = spread;
    this.texts = texts;
    this.items = items;
  }

  /** Undefined where the texts are too many, or no places were found that keep them apart. */
  static of<Item>(entries: readonly (readonly [string, Item])[]): TextTable<Item> | undefined {
    if (entries.length === 0 || entries.length > MAX_TEXTS) return undefined;
    const spread = findSpread(entries.map(([text]) => text));
    return spread && new TextTable(entries, spread);
  }

  get(text: unknown): Item | undefined {
    const { spread } = this;
    if (typeof text !== 'string' || text.length < spread.shortest) return undefined;
    const place = placeOf(text, spread);
    return this.texts[place] === text ? this.items[place] : undefined;
  }
}

/**
 * The same text as names of properties are kept: flat, and once. What was cut out of a large text is compared by way of that text, which
 * among ten thousand rules took more time than all else.
 */
export function internedText(text: string): string {
  return Object.keys({ [text]: 0 })[0] ?? text;
}

function placeOf(text: string, { first, second, factor, mask }: Spread): number {
  return (text.charCodeAt(first) + text.charCodeAt(second) * factor + text.length) & mask;
}

function findSpread(texts: readonly string[]): Spread | undefined {
  const shortest = Math.min(...texts.map(({ length }) => length));
  const positions = Math.min(MAX_POSITIONS, shortest);
  const most = texts.length * MAX_SPREAD;
  for (let size = powerFrom(texts.length); size <= most; size *= 2)
    for (let first = 0; first < positions; first += 1) {
      const spread = { shortest, first, second: first, factor: 0, mask: size - 1 };
      if (isApart(texts, spread)) return spread;
    }
  const mask = powerFrom(most) - 1;
  for (let first = 0; first < positions; first += 1)
    for (let second = first + 1; second < positions; second += 1)
      for (const factor of FACTORS) {
        const spread = { shortest, first, second, factor, mask };
        if (isApart(texts, spread)) return spread;
      }
  return undefined;
}

/** The least power of two that is not below. */
function powerFrom(count: number): number {
  return 2 ** Math.ceil(Math.log2(count));
}

function isApart(texts: readonly string[], spread: Spread): boolean {
  const taken = new Uint8Array(spread.mask + 1);
  return texts.every((text) => {
    const place = placeOf(text, spread);
    const isFree = taken[place] === 0;
    taken[place] = 1;
    return isFree;
  });
}
