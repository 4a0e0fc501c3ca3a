/**
 * A value that must never be printed. Every way JavaScript has of turning it into text gives `<secret>`; the value comes out by
 * `reveal` only, so that a search for that word finds every place that uses one.
 */
import { inspect } from 'node:util';

const MASKED = '<secret>';

export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The value itself; call it where it is used and keep no copy. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return MASKED;
  }

  toJSON(): string {
    return MASKED;
  }

  [Symbol.toPrimitive](): string {
    return MASKED;
  }

  [inspect.custom](): string {
    return MASKED;
  }
}
