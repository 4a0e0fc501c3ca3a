/** Whether a value is of a type in the notation of type-shape.ts: what a builtin of the host is given and what it gives. */
import { isArray, isObject, isSet } from '../value/compare.ts';
import { isNumber } from '../value/number.ts';
import type { Value } from '../value/value.ts';
import type { TypeShape } from './type-shape.ts';

/** True for values of the type. A static member of an object must be there. */
export function hasShape(value: Value, shape: TypeShape): boolean {
  switch (shape.kind) {
    case 'any':
      return true;
    case 'null':
      return value === null;
    case 'boolean':
      return typeof value === 'boolean';
    case 'number':
      return isNumber(value);
    case 'string':
      return typeof value === 'string';
    case 'union':
      return shape.of.some((one) => hasShape(value, one));
    case 'set':
      return isSet(value) && [...value.unordered()].every((item) => hasShape(item, shape.of));
    case 'array':
      return isArray(value) && areItems(value, shape);
    case 'object':
      return isObject(value) && [...shape.fixed.keys()].every((key) => value.get(key) !== undefined)
        ? [...value.entriesUnordered()].every(([key, member]) => isEntry(key, member, shape))
        : false;
  }
}

function areItems(
  items: readonly Value[],
  { fixed, rest }: Extract<TypeShape, { kind: 'array' }>,
): boolean {
  if (items.length < fixed.length) return false;
  return items.every((item, at) => {
    const shape = fixed[at] ?? rest;
    return shape !== undefined && hasShape(item, shape);
  });
}

function isEntry(
  key: Value,
  member: Value,
  { fixed, rest }: Extract<TypeShape, { kind: 'object' }>,
): boolean {
  const own = typeof key === 'string' ? fixed.get(key) : undefined;
  if (own !== undefined) return hasShape(member, own);
  return rest !== undefined && hasShape(key, rest.key) && hasShape(member, rest.value);
}

/** A type as programmers write it. */
export function shapeText(shape: TypeShape): string {
  switch (shape.kind) {
    case 'union':
      return shape.of.map(shapeText).join(' or ');
    case 'set':
      return `set[${shapeText(shape.of)}]`;
    case 'array': {
      const fixed = shape.fixed.length > 0 ? `<${shape.fixed.map(shapeText).join(', ')}>` : '';
      return `array${fixed}${shape.rest === undefined ? '' : `[${shapeText(shape.rest)}]`}`;
    }
    case 'object': {
      const members = [...shape.fixed].map(([name, member]) => `${name}: ${shapeText(member)}`);
      const fixed = members.length > 0 ? `<${members.join(', ')}>` : '';
      const { rest } = shape;
      return `object${fixed}${rest === undefined ? '' : `[${shapeText(rest.key)}: ${shapeText(rest.value)}]`}`;
    }
    default:
      return shape.kind;
  }
}
