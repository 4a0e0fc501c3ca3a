/** Looking into types: which keys a collection has, what its members are, and what stands at a known key. */
import {
  ANYTHING,
  type ArrayType,
  compareTypes,
  isAnything,
  NUMBER,
  type ObjectType,
  type StaticKey,
  type Type,
  unionOf,
} from './type.ts';

/** Type of the keys; undefined for what has none (scalars, the empty object). */
export function keysOf(type: Type | undefined): Type | undefined {
  switch (type?.kind) {
    case 'array':
      return NUMBER;
    case 'object': {
      let keys: Type | undefined;
      for (const { key } of type.properties.values()) keys = unionOf(keys, key.type);
      return type.dynamic === undefined ? keys : unionOf(keys, type.dynamic.key);
    }
    case 'set':
      return type.of;
    case 'any':
      return isAnything(type) ? ANYTHING : unionOver(type.of, keysOf);
    default:
      return undefined;
  }
}

/** Type of the members; undefined for what has none. */
export function valuesOf(type: Type | undefined): Type | undefined {
  switch (type?.kind) {
    case 'array':
      return unionOf(
        type.items.reduce<Type | undefined>((all, item) => unionOf(all, item), undefined),
        type.rest,
      );
    case 'object': {
      let values: Type | undefined;
      for (const property of type.properties.values()) values = unionOf(values, property.type);
      return type.dynamic === undefined ? values : unionOf(values, type.dynamic.value);
    }
    case 'set':
      return type.of;
    case 'any':
      return isAnything(type) ? ANYTHING : unionOver(type.of, valuesOf);
    default:
      return undefined;
  }
}

/** Type of what stands at a known key; undefined where nothing can. */
export function memberAt(type: Type | undefined, key: StaticKey): Type | undefined {
  switch (type?.kind) {
    case 'array':
      return key.index === undefined ? undefined : itemAt(type, key.index);
    case 'object':
      return propertyAt(type, key);
    case 'set':
      return fits(type.of, key.type) ? key.type : undefined;
    case 'any':
      return isAnything(type) ? ANYTHING : unionOver(type.of, (each) => memberAt(each, key));
    default:
      return undefined;
  }
}

/** Type of the item at an index; undefined past the end of a closed array. */
export function itemAt(type: ArrayType, index: number): Type | undefined {
  if (!Number.isInteger(index) || index < 0) return undefined;
  return index < type.items.length ? type.items[index] : type.rest;
}

/** Type of the property with a key: the static one, else the dynamic one if the key can be one of its keys. */
export function propertyAt(type: ObjectType, key: StaticKey): Type | undefined {
  const property = type.properties.get(key.text);
  if (property !== undefined) return property.type;
  return type.dynamic !== undefined && fits(type.dynamic.key, key.type)
    ? type.dynamic.value
    : undefined;
}

/** Can a collection hold nothing at all? */
export function isEmptyCollection(type: Type | undefined): boolean {
  switch (type?.kind) {
    case 'object':
      return type.properties.size === 0 && type.dynamic === undefined;
    case 'array':
      return type.items.length === 0 && type.rest === undefined;
    case 'set':
      return type.of === undefined;
    default:
      return false;
  }
}

function fits(wanted: Type | undefined, type: Type): boolean {
  if (wanted?.kind === 'any')
    return isAnything(wanted) || wanted.of.some((each) => compareTypes(each, type) === 0);
  return compareTypes(wanted, type) === 0;
}

function unionOver(
  types: readonly Type[],
  look: (type: Type) => Type | undefined,
): Type | undefined {
  return types.reduce<Type | undefined>((all, type) => unionOf(look(type), all), undefined);
}
