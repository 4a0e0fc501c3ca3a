/**
 * Elements of a large array of the input by the value of one member, while one evaluation lasts: a body that looks for `s.app == app` for
 * each `app` (a comprehension, a function) goes through the array once. Made when an array is searched for the second time. Only texts and
 * small integers are told apart; every other element is among those that are found, in its place.
 */
import type { ChosenEntries } from './member-index.ts';

/** Arrays with fewer elements are gone through. */
const MIN_INDEXED = 32;

interface PlainIndex {
  readonly byValue: ReadonlyMap<unknown, readonly number[]>;
  /** Elements of which nothing is known. */
  readonly others: readonly number[];
}

/** Reads a member as the language does. */
export type ReadMember = (data: unknown, name: string) => unknown;

/** What was searched in one evaluation, by array, then by path. */
export class InputIndexes {
  readonly #known = new Map<object, Map<string, PlainIndex | 'searched'>>();

  /** The elements whose member at a path can equal something; undefined where all must be gone through. */
  find(
    items: readonly unknown[],
    path: readonly string[],
    wanted: unknown,
    read: ReadMember,
  ): ChosenEntries | undefined {
    if (items.length < MIN_INDEXED || !isTold(wanted)) return undefined;
    let own = this.#known.get(items);
    if (own === undefined) {
      own = new Map();
      this.#known.set(items, own);
    }
    const name = path.length === 1 ? (path[0] ?? '') : path.join('\0');
    let index = own.get(name);
    if (index === undefined) {
      own.set(name, 'searched');
      return undefined;
    }
    if (index === 'searched') {
      index = indexOf(items, path, read);
      own.set(name, index);
    }
    const keys = merged(index.byValue.get(wanted) ?? [], index.others);
    return { keys, values: keys.map((at) => items[at]) as ChosenEntries['values'] };
  }
}

/** True for what equals nothing but itself. */
function isTold(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed() && !value.includes('\ufffd');
  return Number.isSafeInteger(value) && !Object.is(value, -0);
}

function indexOf(items: readonly unknown[], path: readonly string[], read: ReadMember): PlainIndex {
  const byValue = new Map<unknown, number[]>();
  const others: number[] = [];
  for (const [at, item] of items.entries()) {
    const value = path.reduce<unknown>(
      (data, name) => (data === undefined ? undefined : read(data, name)),
      item,
    );
    if (value === undefined) continue;
    if (!isTold(value)) others.push(at);
    else {
      const same = byValue.get(value);
      if (same === undefined) byValue.set(value, [at]);
      else same.push(at);
    }
  }
  return { byValue, others };
}

/** Two lists of places in order, in order. */
function merged(left: readonly number[], right: readonly number[]): readonly number[] {
  return right.length === 0 ? left : [...left, ...right].sort((a, b) => a - b);
}
