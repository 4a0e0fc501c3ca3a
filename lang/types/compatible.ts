/** Can a value of one type equal a value of another? The test behind every match and argument error. */
import { itemAt, propertyAt, valuesOf } from './members.ts';
import type { AnyType, ArrayType, FunctionType, ObjectType, Type } from './type.ts';

/** False where either type is not known: callers ask only for what they know. */
export function areCompatible(a: Type | undefined, b: Type | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  if (a.kind === 'any' && isMemberOf(a, b)) return true;
  if (b.kind === 'any' && isMemberOf(b, a)) return true;
  if (a.kind === 'any' || b.kind === 'any') return false;
  switch (a.kind) {
    case 'array':
      return b.kind === 'array' && areArraysCompatible(a, b);
    case 'object':
      return b.kind === 'object' && areObjectsCompatible(a, b);
    case 'set':
      // The empty set is a member of every set type.
      return (
        b.kind === 'set' &&
        (a.of === undefined || b.of === undefined || areCompatible(valuesOf(a), valuesOf(b)))
      );
    case 'function':
      return b.kind === 'function' && areFunctionsCompatible(a, b);
    default:
      return a.kind === b.kind;
  }
}

function isMemberOf(any: AnyType, type: Type): boolean {
  if (type.kind === 'function') return false;
  return any.of.length === 0 || any.of.some((member) => areCompatible(member, type));
}

function areArraysCompatible(a: ArrayType, b: ArrayType): boolean {
  const covers = (from: ArrayType, to: ArrayType): boolean =>
    from.items.every((item, at) => areCompatible(item, itemAt(to, at)));
  return (
    covers(a, b) &&
    covers(b, a) &&
    (a.rest === undefined || b.rest === undefined || areCompatible(a.rest, b.rest))
  );
}

function areObjectsCompatible(a: ObjectType, b: ObjectType): boolean {
  return (
    arePropertiesCovered(a, b) &&
    arePropertiesCovered(b, a) &&
    (a.dynamic?.value === undefined ||
      b.dynamic?.value === undefined ||
      areCompatible(a.dynamic.value, b.dynamic.value))
  );
}

function arePropertiesCovered(a: ObjectType, b: ObjectType): boolean {
  for (const property of a.properties.values()) {
    const other = propertyAt(b, property.key);
    if (other !== undefined) {
      if (!areCompatible(property.type, other)) return false;
    } else if (a.dynamic?.value === undefined && b.dynamic?.value === undefined) {
      return false;
    }
  }
  return true;
}

function areFunctionsCompatible(a: FunctionType, b: FunctionType): boolean {
  return (
    a.args.length === b.args.length && a.args.every((arg, at) => areCompatible(arg, b.args[at]))
  );
}
