/**
 * Keeps types small. A few lines can name a type twice in the next one, line after line, until it is larger than any memory; beyond
 * these bounds a type is `any`, which refuses nothing.
 */
import { ANYTHING, type Type } from './type.ts';

/** Parts a type may have, counted as often as they occur. Larger than the types of real documents, small enough to compare. */
const MAX_PARTS = 20_000;
/** Levels a type may have; comparing and joining types recurses on them. */
const MAX_LEVELS = 100;

interface Measure {
  readonly parts: number;
  readonly levels: number;
}

/** Gives a type back, or `any` in its place where it is too large. Makes with a memo, so that shared parts are measured once. */
export function makeTypeBound(): (type: Type) => Type {
  const known = new WeakMap<Type, Measure>();
  const measure = (type: Type): Measure => {
    const before = known.get(type);
    if (before !== undefined) return before;
    let [parts, levels] = [1, 0];
    for (const part of partsOf(type)) {
      if (part === undefined) continue;
      const inner = measure(part);
      parts += inner.parts;
      levels = Math.max(levels, inner.levels);
    }
    const measured = { parts, levels: levels + 1 };
    known.set(type, measured);
    return measured;
  };
  return (type) => {
    const { parts, levels } = measure(type);
    return parts > MAX_PARTS || levels > MAX_LEVELS ? ANYTHING : type;
  };
}

function partsOf(type: Type): readonly (Type | undefined)[] {
  switch (type.kind) {
    case 'array':
      return [...type.items, type.rest];
    case 'set':
      return [type.of];
    case 'any':
      return type.of;
    case 'object': {
      const values = [...type.properties.values()].map((property) => property.type);
      return [...values, type.dynamic?.key, type.dynamic?.value];
    }
    case 'function':
      return [...type.args, type.variadic, type.result];
    default:
      return [];
  }
}
