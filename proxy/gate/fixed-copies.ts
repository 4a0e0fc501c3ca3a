/**
 * Copies of identities and resources that can never change. What decides may then know them by the object alone: a decision is found
 * again, and a policy specialised, without looking through them each time. Those of equal content are one object while they are kept.
 */

/** Copies that are kept to be found again. */
export const MAX_FIXED_COPIES = 1_024;

export class FixedCopies {
  #young = new Map<string, unknown>();
  #old = new Map<string, unknown>();

  /** A frozen copy of JSON-like data; members that are undefined are left out. */
  of<Data extends object>(data: Data): Data {
    const text = JSON.stringify(data);
    const known = this.#young.get(text) ?? this.#old.get(text);
    const copy = known ?? frozen(JSON.parse(text));
    this.#keep(text, copy);
    return copy as Data;
  }

  #keep(text: string, copy: unknown): void {
    if (this.#young.has(text)) return;
    if (this.#young.size >= MAX_FIXED_COPIES / 2) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(text, copy);
  }
}

function frozen(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  for (const member of Object.values(value)) frozen(member);
  return Object.freeze(value);
}
