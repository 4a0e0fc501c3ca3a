/**
 * Entries of a JSON object that stay text until they are asked for: 100 MB of data are loaded in the time it takes to read over
 * them once, and a decision pays for the entries it looks at. What was read is kept. The text is known to be sound (json-skim.ts).
 */
import { ValueError } from './error.ts';
import { readJson } from './json.ts';
import type { Members } from './members.ts';
import { RegoObject } from './object.ts';
import type { ScalarKey } from './set.ts';
import type { Value } from './value.ts';

/** The value of a part of a text that was found to be sound JSON. Throws `ValueError` if it is none after all. */
export function readSpan(text: string, start: number, end: number): Value {
  const reading = readJson(text.slice(start, end));
  if (reading.ok) return reading.value;
  throw new ValueError('value/unsound-text', `unsound JSON at ${start}: ${reading.message}`);
}

/** The entries of a large object: keys are known, each value is read when it is first asked for. */
export class DeferredMembers implements Members {
  readonly #text: string;
  readonly #slots: ReadonlyMap<ScalarKey, number>;
  /** Start and end of the value of each slot. */
  readonly #spans: Uint32Array;
  readonly #values: (Value | undefined)[];

  /** `values` has those that were read already; all arrays are handed over. */
  constructor(
    text: string,
    slots: ReadonlyMap<string, number>,
    spans: Uint32Array,
    values: (Value | undefined)[],
  ) {
    this.#text = text;
    this.#slots = slots;
    this.#spans = spans;
    this.#values = values;
  }

  get size(): number {
    return this.#slots.size;
  }

  get(key: ScalarKey): Value | undefined {
    const slot = this.#slots.get(key);
    return slot === undefined ? undefined : this.#at(slot);
  }

  has(key: ScalarKey): boolean {
    return this.#slots.has(key);
  }

  /** The entries; what is read for this is not kept. */
  *entriesOnce(): Generator<readonly [ScalarKey, Value], void> {
    for (const [key, slot] of this.#slots) yield [key, this.#values[slot] ?? this.#read(slot)];
  }

  *[Symbol.iterator](): Generator<[ScalarKey, Value], void> {
    for (const [key, slot] of this.#slots) yield [key, this.#at(slot)];
  }

  #at(slot: number): Value {
    const known = this.#values[slot];
    if (known !== undefined) return known;
    const value = this.#read(slot);
    this.#values[slot] = value;
    return value;
  }

  #read(slot: number): Value {
    return readSpan(this.#text, this.#spans[2 * slot] ?? 0, this.#spans[2 * slot + 1] ?? 0);
  }
}

/** The entries of a small object among very many: nothing of it is read until one is asked for, then all of it is. */
export class DeferredObject implements Members {
  #text: string | undefined;
  readonly #start: number;
  readonly #end: number;
  #object = RegoObject.EMPTY;

  constructor(text: string, start: number, end: number) {
    this.#text = text;
    this.#start = start;
    this.#end = end;
  }

  get size(): number {
    return this.#read().size;
  }

  get(key: ScalarKey): Value | undefined {
    return this.#read().get(key);
  }

  *[Symbol.iterator](): Generator<[ScalarKey, Value], void> {
    for (const [key, value] of this.#read().entriesUnordered()) yield [key as string, value];
  }

  #read(): RegoObject {
    if (this.#text === undefined) return this.#object;
    const value = readSpan(this.#text, this.#start, this.#end);
    if (value instanceof RegoObject) this.#object = value;
    this.#text = undefined;
    return this.#object;
  }
}
