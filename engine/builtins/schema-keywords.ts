/** Keywords of a JSON Schema that hold no schema: numbers, lengths, names, lists of values. Faults are worded as OPA words them. */
import { isArray, isObject } from '../value/compare.ts';
import { type BuiltinFault, builtinError, isFault } from '../value/fault.ts';
import { writeJson } from '../value/json.ts';
import { compareNumbers, fromDouble, isNumber, toDouble, toPlainInteger } from '../value/number.ts';
import { RegoObject } from '../value/object.ts';
import type { RegoNumber, Value } from '../value/value.ts';
import type { Draft, SchemaNode } from './schema-node.ts';

const TYPE_NAMES = ['array', 'boolean', 'integer', 'number', 'null', 'object', 'string'];

/** What is said where a keyword has another type than it must have. */
export function invalidType(expected: string, given: string): BuiltinFault {
  return builtinError(`Invalid type. Expected: ${expected}, given: ${given}`);
}

/** A text, or nothing. */
export function textMember(schema: RegoObject, keyword: string): string | undefined | BuiltinFault {
  const value = schema.get(keyword);
  if (value === undefined || typeof value === 'string') return value;
  return invalidType('string', keyword);
}

/** A list, or nothing. */
export function listMember(
  schema: RegoObject,
  keyword: string,
): readonly Value[] | undefined | BuiltinFault {
  const value = schema.get(keyword);
  if (value === undefined || isArray(value)) return value;
  return builtinError(`${keyword} must be of an array`);
}

export function readTypes(schema: RegoObject, node: SchemaNode): BuiltinFault | undefined {
  const type = schema.get('type');
  if (type === undefined) return undefined;
  const types: string[] = [];
  for (const name of isArray(type) ? type : [type]) {
    if (typeof name !== 'string') return invalidType('type', 'string/Array Of Strings');
    if (!TYPE_NAMES.includes(name)) {
      return builtinError(
        `has a primitive type that is NOT VALID -- given: /${name}/ Expected valid values are:[${TYPE_NAMES.join(' ')}]`,
      );
    }
    if (types.includes(name)) return builtinError(`${name} type is duplicated`);
    types.push(name);
  }
  node.types = types;
  return undefined;
}

/** `multipleOf`, `minimum`, `maximum` and their exclusive forms, which are flags in draft 4 and numbers since. */
export function readNumbers(
  schema: RegoObject,
  node: SchemaNode,
  draft: Draft,
): BuiltinFault | undefined {
  const factor = schema.get('multipleOf');
  if (factor !== undefined) {
    if (!isNumber(factor)) return invalidType('Number', 'multipleOf');
    if (compareNumbers(factor, 0) <= 0)
      return builtinError('multipleOf must be strictly greater than 0');
    node.multipleOf = factor;
  }
  return (
    readBound(schema, node, draft, 'minimum', 'exclusiveMinimum') ??
    readBound(schema, node, draft, 'maximum', 'exclusiveMaximum')
  );
}

function readBound(
  schema: RegoObject,
  node: SchemaNode,
  draft: Draft,
  keyword: 'minimum' | 'maximum',
  exclusive: 'exclusiveMinimum' | 'exclusiveMaximum',
): BuiltinFault | undefined {
  const bound = schema.get(keyword);
  if (bound !== undefined && !isNumber(bound))
    return builtinError(`${keyword} must be of a Number`);
  if (bound !== undefined) node[keyword] = bound;
  const open = schema.get(exclusive);
  if (open === undefined) return undefined;
  const takesFlag = draft === 4 || draft === 'hybrid';
  if (typeof open === 'boolean' && takesFlag) {
    if (bound === undefined) return builtinError(`${exclusive} cannot be used without ${keyword}`);
    if (open) {
      node[exclusive] = bound;
      delete node[keyword];
    }
    return undefined;
  }
  if (isNumber(open) && draft !== 4) node[exclusive] = open;
  else if (draft === 'hybrid') return invalidType('boolean/number', exclusive);
  else return invalidType(draft === 4 ? 'boolean' : 'number', exclusive);
  return undefined;
}

type SizeKeyword = `${'min' | 'max'}${'Length' | 'Properties' | 'Items'}`;

/** A pair of sizes, of which OPA holds all but those of arrays against each other. */
export function readSizes(
  schema: RegoObject,
  node: SchemaNode,
  what: 'Length' | 'Properties' | 'Items',
): BuiltinFault | undefined {
  const [low, high]: [SizeKeyword, SizeKeyword] = [`min${what}`, `max${what}`];
  for (const keyword of [low, high]) {
    const value = schema.get(keyword);
    if (value === undefined) continue;
    const size = isNumber(value) ? spelledInteger(value) : undefined;
    if (size === undefined) return builtinError(`${keyword} must be of an integer`);
    if (size < 0) return builtinError(`${keyword} must be greater than or equal to 0`);
    node[keyword] = size;
  }
  const [least, most] = [node[low], node[high]];
  const isReversed = least !== undefined && most !== undefined && least > most;
  return isReversed && what !== 'Items'
    ? builtinError(`${low} cannot be greater than ${high}`)
    : undefined;
}

/** Digits alone: `2.0` is no size. */
function spelledInteger(value: RegoNumber): number | undefined {
  const exact = /^-?\d+$/.test(String(value)) ? toPlainInteger(value) : undefined;
  return exact === undefined ? undefined : Number(exact);
}

export function readRequired(schema: RegoObject, node: SchemaNode): BuiltinFault | undefined {
  const list = listMember(schema, 'required');
  if (isFault(list)) return list;
  const names: string[] = [];
  const seen = new Set<string>();
  for (const name of list ?? []) {
    if (typeof name !== 'string') return invalidType('string', 'required');
    if (seen.has(name)) return builtinError('required items must be unique');
    seen.add(name);
    names.push(name);
  }
  node.required = names;
  return undefined;
}

/** `uniqueItems`: a flag. */
export function readUnique(schema: RegoObject, node: SchemaNode): BuiltinFault | undefined {
  const unique = schema.get('uniqueItems');
  if (unique === undefined) return undefined;
  if (typeof unique !== 'boolean') return builtinError('uniqueItems must be of a boolean');
  node.uniqueItems = unique;
  return undefined;
}

/** `const`, which draft 4 does not know, and `enum`, whose empty list accepts nothing. */
export function readValues(
  schema: RegoObject,
  node: SchemaNode,
  draft: Draft,
): BuiltinFault | undefined {
  const constant = schema.get('const');
  if (constant !== undefined && draft !== 4) node.const = settledText(constant);
  const options = listMember(schema, 'enum');
  if (options === undefined || isFault(options)) return options;
  const texts = options.map(settledText);
  if (new Set(texts).size < texts.length) return builtinError('enum items must be unique');
  node.enum = texts;
  return undefined;
}

/** JSON of a value with every number as the double it is nearest to: how values are compared. */
export function settledText(value: Value): string {
  return writeJson(settled(value));
}

function settled(value: Value): Value {
  if (isNumber(value)) return fromDouble(toDouble(value));
  if (isArray(value)) return value.map(settled);
  if (isObject(value))
    return RegoObject.from([...value].map(([key, member]) => [key, settled(member)]));
  return value;
}
