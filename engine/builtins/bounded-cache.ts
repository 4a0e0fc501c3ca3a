/**
 * A map that forgets what was not used for longest. Holds compiled patterns, which policies may make from input. There are two
 * generations: when the young one is full it becomes the old one, and what stood there and was not asked for meanwhile is gone.
 */

export class BoundedCache<T> {
  #young = new Map<string, T>();
  #old: ReadonlyMap<string, T> = new Map();
  #limit: number;

  /** Entries of one generation: at least so many of those used last are known, and at most twice as many. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Room for this many entries of one generation, if there is less. */
  reserve(limit: number): void {
    this.#limit = Math.max(this.#limit, limit);
  }

  /** The cached value of `key`, made by `make` the first time. */
  obtain(key: string, make: () => T): T {
    const young = this.#young.get(key);
    if (young !== undefined) return young;
    const value = this.#old.get(key) ?? make();
    if (this.#young.size >= this.#limit) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(key, value);
    return value;
  }
}
