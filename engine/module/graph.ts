/**
 * Objects of checked rules as JSON and back: what refers to one another still does, and values of the language are values again. The form is for one version of the engine: what writes it carries what reads it.
 *
 * `primitives` are numbered first, objects after them; an object is its form followed by the numbers of its parts. `shapes` are names of
 * fields; of other forms there are those of `FORMS`.
 */
import type { Source } from '../../lang/source.ts';
import { isObject } from '../value/compare.ts';
import { BigDecimal } from '../value/number.ts';
import { RegoObject } from '../value/object.ts';
import { RegoSet } from '../value/set.ts';
import type { Value } from '../value/value.ts';

/** What is no plain object, by negative numbers. */
const FORMS = {
  array: -1,
  map: -2,
  object: -3,
  set: -4,
  decimal: -5,
  integer: -6,
  source: -7,
  absent: -8,
} as const;

/** Stands for undefined among what is known. */
const ABSENT: unique symbol = Symbol('absent');

export interface Graph {
  readonly primitives: readonly (string | number | boolean | null)[];
  readonly shapes: readonly (readonly string[])[];
  readonly objects: readonly (readonly number[])[];
  readonly root: number;
}

/** Something that is no data: the policy cannot be written down. */
export class UnwritableError extends Error {
  readonly code = 'module/unwritable';
}

/** Writes down everything that can be reached from an object. */
export function writeGraph(root: unknown): Graph {
  return new GraphWriter().write(root);
}

class GraphWriter {
  readonly #primitives = new Map<string | number | boolean | null, number>();
  readonly #objects: (readonly number[])[] = [];
  readonly #known = new Map<unknown, number>();
  readonly #shapes = new Map<string, number>();
  readonly #shapeNames: (readonly string[])[] = [];

  write(root: unknown): Graph {
    // Objects are numbered from -1 down until it is known how many primitives come before them.
    const at = this.#number(root);
    const count = this.#primitives.size;
    const settle = (number: number): number => (number >= 0 ? number : count - number - 1);
    return {
      primitives: [...this.#primitives.keys()],
      shapes: this.#shapeNames,
      objects: this.#objects.map(([form = 0, ...parts]) => [form, ...parts.map(settle)]),
      root: settle(at),
    };
  }

  #number(value: unknown): number {
    if (value === null || typeof value === 'string' || typeof value === 'boolean')
      return this.#primitive(value);
    if (typeof value === 'number') {
      if (Number.isFinite(value) && !Object.is(value, -0)) return this.#primitive(value);
      throw new UnwritableError(`the number ${value} cannot be written down`);
    }
    const key = value === undefined ? ABSENT : value;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const index = this.#objects.length;
    this.#objects.push([]);
    this.#known.set(key, -index - 1);
    const [form, ...parts] = this.#partsOf(value);
    this.#objects[index] = [form, ...parts.map((part) => this.#number(part))];
    return -index - 1;
  }

  #primitive(value: string | number | boolean | null): number {
    let number = this.#primitives.get(value);
    if (number === undefined) {
      number = this.#primitives.size;
      this.#primitives.set(value, number);
    }
    return number;
  }

  /** The form, and what the object is made of. */
  #partsOf(value: unknown): readonly [number, ...unknown[]] {
    if (value === undefined) return [FORMS.absent];
    if (typeof value === 'bigint') return [FORMS.integer, String(value)];
    if (typeof value !== 'object' || value === null)
      throw new UnwritableError(`a ${typeof value} cannot be written down`);
    if (value instanceof BigDecimal) return [FORMS.decimal, value.text];
    if (value instanceof RegoSet) return [FORMS.set, ...value.toSorted()];
    if (value instanceof RegoObject && isObject(value)) {
      const values = value.values();
      return [FORMS.object, ...value.keys().flatMap((name, at) => [name, values[at]])];
    }
    if (Array.isArray(value)) return [FORMS.array, ...(value as readonly unknown[])];
    if (value instanceof Map) return [FORMS.map, ...[...value].flat(1)];
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype !== Object.prototype && prototype !== null)
      throw new UnwritableError(`a ${value.constructor.name} cannot be written down`);
    if (isSource(value)) return [FORMS.source, value.name, ...lineLengths(value.text)];
    return [this.#shapeOf(Object.keys(value)), ...Object.values(value)];
  }

  #shapeOf(names: readonly string[]): number {
    const key = JSON.stringify(names);
    let shape = this.#shapes.get(key);
    if (shape === undefined) {
      shape = this.#shapeNames.push(names) - 1;
      this.#shapes.set(key, shape);
    }
    return shape;
  }
}

/** Of a text only its lines are needed, to tell places: what it says stays at home. */
function lineLengths(text: string): readonly number[] {
  return text.split('\n').map((line) => line.length);
}

function isSource(value: object): value is Source {
  const names = Object.keys(value);
  return names.length === 2 && names[0] === 'name' && names[1] === 'text';
}

/** Makes the objects again. */
export function readGraph(graph: Graph): unknown {
  return new GraphReader(graph).value(graph.root);
}

class GraphReader {
  readonly #graph: Graph;
  readonly #made: unknown[] = [];
  readonly #isMade: boolean[] = [];

  constructor(graph: Graph) {
    this.#graph = graph;
  }

  value(number: number): unknown {
    const { primitives } = this.#graph;
    if (number < primitives.length) return primitives[number];
    const index = number - primitives.length;
    if (this.#isMade[index] !== true) this.#make(index);
    return this.#made[index];
  }

  #keep<Made>(index: number, made: Made): Made {
    this.#isMade[index] = true;
    this.#made[index] = made;
    return made;
  }

  #make(index: number): void {
    const [form = FORMS.absent, ...parts] = this.#graph.objects[index] ?? [];
    const all = (): unknown[] => parts.map((part) => this.value(part));
    switch (form) {
      case FORMS.absent:
        this.#keep(index, undefined);
        return;
      case FORMS.array: {
        const list = this.#keep(index, [] as unknown[]);
        for (const part of parts) list.push(this.value(part));
        return;
      }
      case FORMS.map: {
        const map = this.#keep(index, new Map<unknown, unknown>());
        const flat = all();
        for (let at = 0; at + 1 < flat.length; at += 2) map.set(flat[at], flat[at + 1]);
        return;
      }
      case FORMS.object: {
        const flat = all() as Value[];
        const entries = flat.flatMap((name, at): (readonly [Value, Value])[] =>
          at % 2 === 0 ? [[name, flat[at + 1] ?? null]] : [],
        );
        this.#keep(index, RegoObject.from(entries));
        return;
      }
      case FORMS.set:
        this.#keep(index, RegoSet.from(all() as Value[]));
        return;
      case FORMS.decimal:
        this.#keep(index, new BigDecimal(String(this.value(parts[0] ?? 0))));
        return;
      case FORMS.integer:
        this.#keep(index, BigInt(String(this.value(parts[0] ?? 0))));
        return;
      case FORMS.source: {
        const [name, ...lengths] = all();
        const text = lengths.map((length) => ' '.repeat(Number(length))).join('\n');
        this.#keep(index, { name, text });
        return;
      }
      default:
        this.#makeRecord(index, form, parts);
    }
  }

  #makeRecord(index: number, form: number, parts: readonly number[]): void {
    const names = this.#graph.shapes[form];
    const record = this.#keep(index, {});
    for (const [at, part] of parts.entries()) {
      const name = names?.[at];
      if (name === undefined) throw new TypeError('a field without a name');
      const value = this.value(part);
      const field = { value, enumerable: true, configurable: true, writable: true };
      Object.defineProperty(record, name, field);
    }
  }
}
