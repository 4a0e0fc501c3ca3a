/**
 * Text that is equal only for inputs with equal values at the same paths. Plain data is written out; an object that can never change
 * again, deeply frozen, is named by a number of its own instead. It reads plain data only and changes nothing.
 */
import type { InputPath } from './input-path.ts';

/** Characters of one key: a longer one costs more to make than most decisions. */
export const MAX_KEY_CHARS = 4_096;
/** Characters up to which what never changes is named by its text, so that what is equal is found again as another object. */
const MAX_FIXED_CHARS = 256;
/** Levels of nesting looked into; cycles end here too. */
const MAX_KEY_DEPTH = 32;

/** What stands at a path of plain data; undefined where nothing does. */
export function plainAt(data: unknown, path: InputPath): unknown {
  let value = data;
  for (const name of path) {
    if (!isRecord(value) || !Object.hasOwn(value, name)) return undefined;
    value = value[name];
  }
  return value;
}

/** Makes keys; those of one maker may be compared with each other. */
export class InputKeys {
  readonly #fixed = new WeakMap<object, string>();
  #lastFixed = 0;

  /** The key of the values at these paths; undefined where they are too long, too deep or no plain data. */
  of(input: unknown, paths: readonly InputPath[]): string | undefined {
    let key = '';
    for (const path of paths) {
      const value = plainAt(input, path);
      // A `?` starts no value.
      const text = value === undefined ? '?' : this.#textOf(value, MAX_KEY_CHARS - key.length, 0);
      if (text === undefined) return undefined;
      key += `${text};`;
    }
    return key.length > MAX_KEY_CHARS ? undefined : key;
  }

  /** Every form tells where it ends, so that no two values can be written alike. */
  #textOf(value: unknown, room: number, depth: number): string | undefined {
    switch (typeof value) {
      case 'string':
        return value.length > room ? undefined : `"${value.length}:${value}`;
      case 'boolean':
        return value ? 't' : 'f';
      case 'bigint':
        return `${value}n`;
      case 'number':
        if (!Number.isFinite(value)) return undefined;
        return Object.is(value, -0) ? '-0' : `${value}`;
      case 'object':
        if (value === null) return 'z';
        return depth > MAX_KEY_DEPTH ? undefined : this.#textOfObject(value, room, depth + 1);
      default:
        return undefined;
    }
  }

  #textOfObject(value: object, room: number, depth: number): string | undefined {
    const fixed = Object.isFrozen(value) ? this.#nameOf(value, depth) : undefined;
    return fixed ?? this.#textOfMembers(value, room, depth);
  }

  #textOfMembers(value: object, room: number, depth: number): string | undefined {
    let text = '';
    if (isPlainArray(value)) {
      for (const item of value) {
        const written = this.#textOf(item, room - text.length, depth);
        if (written === undefined) return undefined;
        text += `${written},`;
        if (text.length > room) return undefined;
      }
      return `[${text}]`;
    }
    if (!isRecord(value)) return undefined;
    for (const name of Object.keys(value)) {
      const member = value[name];
      // The engine leaves such a member out too.
      if (member === undefined) continue;
      const written = this.#textOf(member, room - text.length, depth);
      if (written === undefined) return undefined;
      text += `${name.length}:${name}=${written},`;
      if (text.length > room) return undefined;
    }
    return `{${text}}`;
  }

  #nameOf(value: object, depth: number): string | undefined {
    const known = this.#fixed.get(value);
    if (known !== undefined) return known;
    if (!isFixed(value)) return undefined;
    let name = this.#textOfMembers(value, MAX_FIXED_CHARS, depth);
    if (name === undefined) {
      this.#lastFixed += 1;
      name = `#${this.#lastFixed}`;
    }
    this.#fixed.set(value, name);
    return name;
  }
}

/** True for what can never change again: frozen to its leaves, plain, and without accessors. */
export function isFixed(value: unknown, depth = 0): boolean {
  if (typeof value !== 'object' || value === null) return typeof value !== 'function';
  if (depth > MAX_KEY_DEPTH || !Object.isFrozen(value)) return false;
  if (!isPlainArray(value) && !isRecord(value)) return false;
  return Object.values(Object.getOwnPropertyDescriptors(value)).every(
    (property) => 'value' in property && isFixed(property.value, depth + 1),
  );
}

function isPlainArray(value: object): value is readonly unknown[] {
  return Array.isArray(value) && Object.getPrototypeOf(value) === Array.prototype;
}

/** True for objects as literals and JSON make them. */
function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
