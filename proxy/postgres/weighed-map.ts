/**
 * A map that knows what its values weigh in all, so that what a client makes the gateway keep can be bounded in bytes.
 */

export class WeighedMap<Value> extends Map<string, Value> {
  readonly #weigh: (value: Value) => number;
  #weight = 0;

  constructor(weigh: (value: Value) => number) {
    super();
    this.#weigh = weigh;
  }

  /** The sum over all values. */
  get weight(): number {
    return this.#weight;
  }

  /** The weight of one value; 0 where there is none. */
  weightOf(key: string): number {
    const value = this.get(key);
    return value === undefined ? 0 : this.#weigh(value);
  }

  override set(key: string, value: Value): this {
    this.#weight += this.#weigh(value) - this.weightOf(key);
    return super.set(key, value);
  }

  override delete(key: string): boolean {
    this.#weight -= this.weightOf(key);
    return super.delete(key);
  }

  override clear(): void {
    this.#weight = 0;
    super.clear();
  }
}
