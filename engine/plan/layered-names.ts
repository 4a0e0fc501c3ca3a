/**
 * What names stand for, in layers: a block adds its own over those of the body around it. Copying those for every block would take time
 * in the square of a body's length.
 */
export class LayeredNames<V> {
  readonly #own = new Map<string, V>();
  readonly #below: LayeredNames<V> | undefined;

  constructor(below?: LayeredNames<V>) {
    this.#below = below;
  }

  has(name: string): boolean {
    return this.#own.has(name) || this.#below?.has(name) === true;
  }

  get(name: string): V | undefined {
    return this.#own.get(name) ?? this.#below?.get(name);
  }

  /** In this layer, whatever the name stands for below. */
  set(name: string, value: V): void {
    this.#own.set(name, value);
  }

  /** From the outermost layer on, each in the order its names were set. */
  keys(): readonly string[] {
    return [...(this.#below?.keys() ?? []), ...this.#own.keys()];
  }

  /** In the order of `keys`. */
  values(): readonly V[] {
    return [...(this.#below?.values() ?? []), ...this.#own.values()];
  }
}
