/**
 * The pairs of compound values that one comparison has found equal. Two values built apart can each hold one part many times,
 * level upon level; compared part by part without this, their cost doubles with every level. It must not outlive a comparison.
 */

/** Pairs compared before any is kept: small values, nearly all there are, never pay for a map. */
const PAIRS_BEFORE_KEEPING = 4096;

export class EqualPairs {
  #compared = 0;
  /** A value's first partner. Nearly all have one only, and a set for each costs ten times as much. */
  #first: Map<object, object> | undefined;
  #more: Map<object, Set<object>> | undefined;

  /** True when the two were found equal before; counts the question. */
  has(a: object, b: object): boolean {
    this.#compared += 1;
    if (this.#first === undefined) return false;
    return this.#first.get(a) === b || (this.#more?.get(a)?.has(b) ?? false);
  }

  /** Notes two equal values. */
  add(a: object, b: object): void {
    if (this.#compared <= PAIRS_BEFORE_KEEPING) return;
    this.#first ??= new Map();
    if (!this.#first.has(a)) {
      this.#first.set(a, b);
      return;
    }
    this.#more ??= new Map();
    const partners = this.#more.get(a);
    if (partners === undefined) this.#more.set(a, new Set([b]));
    else partners.add(b);
  }
}
