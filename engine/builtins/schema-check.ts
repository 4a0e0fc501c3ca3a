/** Whether an object is a JSON Schema at all: the types of its keywords, everywhere a subschema stands. */
import { isArray, isObject, kindOf } from '../value/compare.ts';
import { compareNumbers, isNumber } from '../value/number.ts';
import type { RegoObject } from '../value/object.ts';
import type { Value } from '../value/value.ts';

const TYPE_NAMES = ['array', 'boolean', 'integer', 'number', 'null', 'object', 'string'];
/** Subschemas a schema may have before it is refused. */
export const MAX_SUBSCHEMAS = 10_000;

const SINGLE = ['not', 'if', 'then', 'else', 'contains', 'propertyNames', 'additionalItems'];
const LISTS = ['allOf', 'anyOf', 'oneOf'];
const MAPS = ['properties', 'patternProperties', 'definitions', '$defs'];
const KEYWORD_KINDS: ReadonlyMap<string, string> = new Map([
  ['properties', 'object'],
  ['patternProperties', 'object'],
  ['definitions', 'object'],
  ['required', 'array'],
  ['enum', 'array'],
  ['allOf', 'array'],
  ['anyOf', 'array'],
  ['oneOf', 'array'],
  ['$ref', 'string'],
  ['pattern', 'string'],
  ['minLength', 'number'],
  ['maxLength', 'number'],
  ['minItems', 'number'],
  ['maxItems', 'number'],
  ['minProperties', 'number'],
  ['maxProperties', 'number'],
  ['minimum', 'number'],
  ['maximum', 'number'],
  ['multipleOf', 'number'],
  ['uniqueItems', 'boolean'],
]);

/** The bounds OPA holds against each other; it does not do so for items and values. */
const BOUNDS = [
  ['minLength', 'maxLength'],
  ['minProperties', 'maxProperties'],
] as const;

/** What is wrong with a schema; `undefined` when nothing is. */
export function findSchemaFault(schema: RegoObject): string | undefined {
  const pending: Value[] = [schema];
  let count = 0;
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    count += 1;
    if (count > MAX_SUBSCHEMAS) return `schema exceeds the limit of ${MAX_SUBSCHEMAS} subschemas`;
    if (typeof next === 'boolean') continue;
    if (!isObject(next)) return 'schema is invalid';
    const fault = findTypeFault(next.get('type')) ?? findKeywordFault(next);
    if (fault !== undefined) return fault;
    pending.push(...subschemas(next));
  }
  return undefined;
}

function findTypeFault(type: Value | undefined): string | undefined {
  if (type === undefined) return undefined;
  const names = isArray(type) ? type : [type];
  const unknown = names.find((name) => typeof name !== 'string' || !TYPE_NAMES.includes(name));
  if (unknown === undefined) return undefined;
  if (typeof unknown !== 'string')
    return 'Invalid type. Expected: string/array of strings, given: type';
  return `has a primitive type that is NOT VALID -- given: /${unknown}/ Expected valid values are:[${[...TYPE_NAMES].join(' ')}]`;
}

function findKeywordFault(schema: RegoObject): string | undefined {
  for (const [keyword, kind] of KEYWORD_KINDS) {
    const value = schema.get(keyword);
    if (value !== undefined && kindOf(value) !== kind) {
      return `Invalid type. Expected: ${kind}, given: ${keyword}`;
    }
  }
  for (const [low, high] of BOUNDS) {
    const lower = schema.get(low);
    const upper = schema.get(high);
    if (isNumber(lower) && isNumber(upper) && compareNumbers(lower, upper) > 0) {
      return `${low} cannot be greater than ${high}`;
    }
  }
  return undefined;
}

function subschemas(schema: RegoObject): Value[] {
  const found: Value[] = [];
  for (const keyword of SINGLE) {
    const value = schema.get(keyword);
    if (value !== undefined) found.push(value);
  }
  for (const keyword of LISTS) {
    const value = schema.get(keyword);
    if (isArray(value)) found.push(...value);
  }
  for (const keyword of MAPS) {
    const value = schema.get(keyword);
    if (isObject(value)) found.push(...value.values());
  }
  const items = schema.get('items');
  if (items !== undefined) found.push(...(isArray(items) ? items : [items]));
  const additional = schema.get('additionalProperties');
  if (additional !== undefined) found.push(additional);
  return found;
}
