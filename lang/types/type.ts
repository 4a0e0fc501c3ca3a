/**
 * What the type checker knows of a value before it is evaluated: gradual types, where `any` with no members fits everything and an
 * unknown part is `undefined`. The algebra is the one OPA's checker works with, so that both accept the same policies
 * (https://www.openpolicyagent.org/docs/policy-language#schema).
 */

export interface ScalarType {
  readonly kind: 'null' | 'boolean' | 'number' | 'string';
}

/** A static prefix, then any number of `rest` members; no `rest` means exactly the prefix. */
export interface ArrayType {
  readonly kind: 'array';
  readonly items: readonly (Type | undefined)[];
  readonly rest: Type | undefined;
}

/** A key that is known beforehand. */
export interface StaticKey {
  /** The key as a policy would write it; orders and tells keys apart. */
  readonly text: string;
  readonly type: Type;
  /** Where it is a number that is written as a plain integer, which alone is an index. */
  readonly index?: number;
}

export interface Property {
  readonly key: StaticKey;
  readonly type: Type | undefined;
}

export interface DynamicProperty {
  readonly key: Type | undefined;
  readonly value: Type | undefined;
}

export interface ObjectType {
  readonly kind: 'object';
  /** By key text, in that order. */
  readonly properties: ReadonlyMap<string, Property>;
  readonly dynamic: DynamicProperty | undefined;
}

/** `of` is undefined for the empty set, and for one whose members are not known. */
export interface SetType {
  readonly kind: 'set';
  readonly of: Type | undefined;
}

/** One of several types; with none listed, anything. */
export interface AnyType {
  readonly kind: 'any';
  readonly of: readonly Type[];
}

export interface FunctionType {
  readonly kind: 'function';
  readonly args: readonly (Type | undefined)[];
  /** Names of the arguments where the declaration has them. */
  readonly names: readonly string[];
  readonly variadic: Type | undefined;
  readonly result: Type | undefined;
}

export type Type = ScalarType | ArrayType | ObjectType | SetType | AnyType | FunctionType;

export const NULL: ScalarType = { kind: 'null' };
export const BOOLEAN: ScalarType = { kind: 'boolean' };
export const NUMBER: ScalarType = { kind: 'number' };
export const STRING: ScalarType = { kind: 'string' };
export const ANYTHING: AnyType = { kind: 'any', of: [] };

export function isAnything(type: Type | undefined): boolean {
  return type?.kind === 'any' && type.of.length === 0;
}

export function arrayType(items: readonly (Type | undefined)[], rest?: Type): ArrayType {
  return { kind: 'array', items, rest };
}

export function setType(of: Type | undefined): SetType {
  return { kind: 'set', of };
}

/** Of two properties with one key the later wins. */
export function objectType(
  properties: readonly Property[],
  dynamic: DynamicProperty | undefined,
): ObjectType {
  const byText = new Map(properties.map((property) => [property.key.text, property]));
  const ordered = new Map([...byText].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
  return { kind: 'object', properties: ordered, dynamic };
}

export function stringKey(name: string): StaticKey {
  return { text: JSON.stringify(name), type: STRING };
}

const ORDER: Readonly<Record<Type['kind'], number>> = {
  null: 0,
  boolean: 1,
  number: 2,
  string: 3,
  array: 4,
  object: 5,
  set: 6,
  any: 7,
  function: 8,
};

/** A total order; 0 exactly for equal types. An unknown type comes first. */
export function compareTypes(a: Type | undefined, b: Type | undefined): number {
  if (a === b) return 0;
  if (a === undefined) return -1;
  if (b === undefined) return 1;
  if (a.kind !== b.kind) return ORDER[a.kind] - ORDER[b.kind];
  switch (a.kind) {
    case 'array':
      return b.kind === 'array' ? compareArrays(a, b) : 0;
    case 'object':
      return b.kind === 'object' ? compareObjects(a, b) : 0;
    case 'set':
      return b.kind === 'set' ? compareTypes(a.of, b.of) : 0;
    case 'any':
      return b.kind === 'any' ? compareLists(a.of, b.of) : 0;
    case 'function':
      return b.kind === 'function'
        ? a.args.length - b.args.length ||
            compareLists(a.args, b.args) ||
            compareTypes(a.result, b.result) ||
            compareTypes(a.variadic, b.variadic)
        : 0;
    default:
      return 0;
  }
}

function compareLists(a: readonly (Type | undefined)[], b: readonly (Type | undefined)[]): number {
  for (let at = 0; at < Math.min(a.length, b.length); at += 1) {
    const order = compareTypes(a[at], b[at]);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

function compareArrays(a: ArrayType, b: ArrayType): number {
  return compareTypes(a.rest, b.rest) || compareLists(a.items, b.items);
}

function compareObjects(a: ObjectType, b: ObjectType): number {
  if ((a.dynamic === undefined) !== (b.dynamic === undefined))
    return a.dynamic === undefined ? -1 : 1;
  const dynamic =
    compareTypes(a.dynamic?.key, b.dynamic?.key) ||
    compareTypes(a.dynamic?.value, b.dynamic?.value);
  if (dynamic !== 0) return dynamic;
  const left = [...a.properties.values()];
  const right = [...b.properties.values()];
  for (let at = 0; at < Math.min(left.length, right.length); at += 1) {
    const [mine, other] = [left[at], right[at]];
    if (mine === undefined || other === undefined) break;
    if (mine.key.text !== other.key.text) return mine.key.text < other.key.text ? -1 : 1;
    const order = compareTypes(mine.type, other.type);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

/** The union of two types; undefined where only one of them is a function. An unknown one adds nothing. */
export function unionOf(a: Type | undefined, b: Type | undefined): Type | undefined {
  if (a === undefined) return b;
  if (b === undefined) return a;
  if (a.kind === 'function' && b.kind === 'function') return unionOfFunctions(a, b);
  if (a.kind === 'function' || b.kind === 'function') return undefined;
  if (isAnything(a) || isAnything(b)) return ANYTHING;
  if (a.kind !== 'any') return withMember(b, a);
  if (b.kind !== 'any') return withMember(a, b);
  const [fewer, more] = a.of.length < b.of.length ? [a, b] : [b, a];
  return fewer.of.reduce<Type>(withMember, more);
}

/** Members of a union are distinct and in order, so that a place is found without comparing with each. */
function withMember(union: Type, type: Type): Type {
  const members = union.kind === 'any' ? union.of : [union];
  let [low, high] = [0, members.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const order = compareTypes(type, members[middle]);
    if (order === 0) return union;
    if (order < 0) high = middle;
    else low = middle + 1;
  }
  return { kind: 'any', of: members.toSpliced(low, 0, type) };
}

function unionOfFunctions(a: FunctionType, b: FunctionType): FunctionType | undefined {
  if (a.args.length !== b.args.length) return undefined;
  if ((a.variadic === undefined) !== (b.variadic === undefined)) return undefined;
  return {
    kind: 'function',
    args: a.args.map((arg, at) => unionOf(arg, b.args[at])),
    names: a.names,
    variadic: unionOf(a.variadic, b.variadic),
    result: unionOf(a.result, b.result),
  };
}

/** Is some part of the type not known? */
export function isUnknown(type: Type | undefined): boolean {
  switch (type?.kind) {
    case undefined:
      return true;
    case 'function':
      return type.args.some(isUnknown) || isUnknown(type.result);
    case 'array':
      return type.items.some(isUnknown) || (type.rest !== undefined && isUnknown(type.rest));
    case 'object':
      if (KNOWN_WHOLE.has(type)) return false;
      if (hasUnknown(type)) return true;
      KNOWN_WHOLE.add(type);
      return false;
    case 'set':
      return isUnknown(type.of);
    default:
      return false;
  }
}

/**
 * A memo, which nobody can see or change from outside: types never change, and the type of the input, which is large, is asked about at
 * every equation.
 */
const KNOWN_WHOLE = new WeakSet<ObjectType>();

function hasUnknown({ properties, dynamic }: ObjectType): boolean {
  for (const { type } of properties.values()) if (isUnknown(type)) return true;
  return dynamic !== undefined && (isUnknown(dynamic.key) || isUnknown(dynamic.value));
}
