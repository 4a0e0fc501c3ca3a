/**
 * A value that must never be printed. Every way JavaScript has of turning it into text gives `<secret>`; the value comes out by
 * `reveal` only, so that a search for that word finds every place that uses one. Parts that come from a secret store are not
 * known here: they are kept as references and fetched when they are used.
 */
import { inspect } from 'node:util';
import type { SecretReference } from './secret-reference.ts';

const MASKED = '<secret>';

/** Text as it stands, or where text is to be had. */
export type SecretPart = string | SecretReference;

export class Secret {
  readonly #parts: readonly SecretPart[];

  constructor(value: string | readonly SecretPart[]) {
    this.#parts = typeof value === 'string' ? [value] : value;
  }

  /** The value itself; call it where it is used and keep no copy. Throws for a value that has to be fetched. */
  reveal(): string {
    return this.#parts
      .map((part) => {
        if (typeof part === 'string') return part;
        throw new TypeError('this secret is fetched when it is used');
      })
      .join('');
  }

  /** The pieces it is put together from, in their order. */
  revealParts(): readonly SecretPart[] {
    return this.#parts;
  }

  /** True when a part of it is fetched when it is used. */
  get isFetched(): boolean {
    return this.#parts.some((part) => typeof part !== 'string');
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
