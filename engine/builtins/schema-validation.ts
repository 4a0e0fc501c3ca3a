/** Validation of a value by a JSON Schema that `findSchemaFault` has passed; errors named and worded as OPA's validator does. */
import { equalValues, isArray, isObject, isSet, kindOf } from '../value/compare.ts';
import { type BuiltinFault, builtinError, isFault, limitError } from '../value/fault.ts';
import { writeJson } from '../value/json.ts';
import { compareNumbers, isNumber, toDouble, toInteger } from '../value/number.ts';
import type { RegoObject } from '../value/object.ts';
import { RegoSet } from '../value/set.ts';
import type { Value } from '../value/value.ts';
import { countCodePoints } from './aggregates.ts';
import type { BuiltinContext } from './context.ts';
import { compilePattern } from './pattern.ts';

export interface SchemaError {
  /** `(Root)` or the dotted path. */
  readonly field: string;
  readonly type: string;
  readonly description: string;
}

/** Nested references and subschemas that are followed. */
export const MAX_SCHEMA_DEPTH = 200;

/** The errors of a value, or a fault when the schema cannot be applied. */
export function validateBySchema(
  ctx: BuiltinContext,
  schema: RegoObject,
  value: Value,
): readonly SchemaError[] | BuiltinFault {
  const validator = new SchemaValidator(ctx, schema);
  const errors = validator.validate(schema, value, '(Root)', 0);
  return validator.fault ?? errors;
}

class SchemaValidator {
  fault: BuiltinFault | undefined;
  readonly #ctx: BuiltinContext;
  readonly #root: RegoObject;

  constructor(ctx: BuiltinContext, root: RegoObject) {
    this.#ctx = ctx;
    this.#root = root;
  }

  validate(schema: Value, value: Value, field: string, depth: number): SchemaError[] {
    if (this.fault !== undefined || schema === true) return [];
    this.fault = this.#ctx.charge(1);
    if (depth > MAX_SCHEMA_DEPTH) {
      this.fault = limitError(`schema exceeds the limit of ${MAX_SCHEMA_DEPTH} nested schemas`);
    }
    if (schema === false)
      return [{ field, type: 'false', description: 'False always fails validation' }];
    if (!isObject(schema)) return [];
    const reference = schema.get('$ref');
    if (typeof reference === 'string') {
      const target = this.#resolve(reference);
      if (isFault(target)) this.fault = target;
      return isFault(target) ? [] : this.validate(target, value, field, depth + 1);
    }
    return [
      ...this.#checkType(schema, value, field),
      ...this.#checkValue(schema, value, field),
      ...this.#checkNumber(schema, value, field),
      ...this.#checkText(schema, value, field),
      ...this.#checkArray(schema, value, field, depth),
      ...this.#checkObject(schema, value, field, depth),
      ...this.#checkCombined(schema, value, field, depth),
    ];
  }

  #resolve(reference: string): Value | BuiltinFault {
    const missing = builtinError(`Object has no key '${reference}'`);
    if (!reference.startsWith('#'))
      return builtinError(`reference ${reference} is not in the schema`);
    let current: Value = this.#root;
    for (const part of reference.slice(1).split('/').slice(1)) {
      const name = decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~');
      const next: Value | undefined = isObject(current)
        ? current.get(name)
        : isArray(current)
          ? current[Number(name)]
          : undefined;
      if (next === undefined) return missing;
      current = next;
    }
    return current;
  }

  #checkType(schema: RegoObject, value: Value, field: string): SchemaError[] {
    const type = schema.get('type');
    if (type === undefined) return [];
    const names = isArray(type) ? type : [type];
    const given = jsonType(value);
    const fits = names.some((name) => name === given || (name === 'number' && given === 'integer'));
    const expected = isArray(type) ? `[${names.join(',')}]` : names.join(',');
    return fits
      ? []
      : [wrong(field, 'invalid_type', `Invalid type. Expected: ${expected}, given: ${given}`)];
  }

  #checkValue(schema: RegoObject, value: Value, field: string): SchemaError[] {
    const errors: SchemaError[] = [];
    const options = schema.get('enum');
    if (isArray(options) && !options.some((option) => equalValues(option, value))) {
      const list = options.map(writeJson).join(', ');
      errors.push(wrong(field, 'enum', `${field} must be one of the following: ${list}`));
    }
    const constant = schema.get('const');
    if (constant !== undefined && !equalValues(constant, value)) {
      errors.push(wrong(field, 'const', `${field} does not match: ${writeJson(constant)}`));
    }
    return errors;
  }

  #checkNumber(schema: RegoObject, value: Value, field: string): SchemaError[] {
    if (!isNumber(value)) return [];
    const errors: SchemaError[] = [];
    const bounds = [
      ['minimum', 'number_gte', 'Must be greater than or equal to', (order: number) => order >= 0],
      ['exclusiveMinimum', 'number_gt', 'Must be greater than', (order: number) => order > 0],
      ['maximum', 'number_lte', 'Must be less than or equal to', (order: number) => order <= 0],
      ['exclusiveMaximum', 'number_lt', 'Must be less than', (order: number) => order < 0],
    ] as const;
    for (const [keyword, type, text, holds] of bounds) {
      const bound = schema.get(keyword);
      if (isNumber(bound) && !holds(compareNumbers(value, bound))) {
        errors.push(wrong(field, type, `${text} ${bound}`));
      }
    }
    const factor = schema.get('multipleOf');
    if (isNumber(factor) && !Number.isInteger(toDouble(value) / toDouble(factor))) {
      errors.push(wrong(field, 'multiple_of', `Must be a multiple of ${factor}`));
    }
    return errors;
  }

  #checkText(schema: RegoObject, value: Value, field: string): SchemaError[] {
    if (typeof value !== 'string') return [];
    const errors: SchemaError[] = [];
    const length = countCodePoints(value);
    const min = schema.get('minLength');
    if (isNumber(min) && length < toDouble(min)) {
      errors.push(
        wrong(field, 'string_gte', `String length must be greater than or equal to ${min}`),
      );
    }
    const max = schema.get('maxLength');
    if (isNumber(max) && length > toDouble(max)) {
      errors.push(wrong(field, 'string_lte', `String length must be less than or equal to ${max}`));
    }
    const pattern = schema.get('pattern');
    if (typeof pattern === 'string' && !this.#matches(pattern, value)) {
      errors.push(wrong(field, 'pattern', `Does not match pattern '${pattern}'`));
    }
    return errors;
  }

  #matches(pattern: string, value: string): boolean {
    const compiled = compilePattern(this.#ctx.caches.regexes, pattern);
    if (!isFault(compiled)) return compiled.test(value);
    this.fault = compiled;
    return false;
  }

  #checkArray(schema: RegoObject, value: Value, field: string, depth: number): SchemaError[] {
    if (!isArray(value) && !isSet(value)) return [];
    const list = isArray(value) ? value : value.toSorted();
    const errors: SchemaError[] = [];
    const items = schema.get('items');
    for (const [index, item] of list.entries()) {
      const own = isArray(items) ? (items[index] ?? schema.get('additionalItems')) : items;
      if (own !== undefined)
        errors.push(...this.validate(own, item, below(field, String(index)), depth + 1));
    }
    const min = schema.get('minItems');
    if (isNumber(min) && list.length < toDouble(min)) {
      errors.push(wrong(field, 'array_min_items', `Array must have at least ${min} items`));
    }
    const max = schema.get('maxItems');
    if (isNumber(max) && list.length > toDouble(max)) {
      errors.push(wrong(field, 'array_max_items', `Array must have at most ${max} items`));
    }
    if (schema.get('uniqueItems') === true && RegoSet.from(list).size !== list.length) {
      errors.push(wrong(field, 'unique', 'array items must be unique'));
    }
    const contains = schema.get('contains');
    const holds = (item: Value): boolean =>
      contains === undefined || this.validate(contains, item, field, depth + 1).length === 0;
    if (contains !== undefined && !list.some(holds)) {
      errors.push(wrong(field, 'contains', 'At least one of the items must match'));
    }
    return errors;
  }

  #checkObject(schema: RegoObject, value: Value, field: string, depth: number): SchemaError[] {
    if (!isObject(value)) return [];
    const errors: SchemaError[] = [];
    const required = schema.get('required');
    for (const name of isArray(required) ? required : []) {
      if (!value.has(name)) errors.push(wrong(field, 'required', `${String(name)} is required`));
    }
    const min = schema.get('minProperties');
    if (isNumber(min) && value.size < toDouble(min)) {
      errors.push(wrong(field, 'array_min_properties', `Must have at least ${min} properties`));
    }
    const max = schema.get('maxProperties');
    if (isNumber(max) && value.size > toDouble(max)) {
      errors.push(wrong(field, 'array_max_properties', `Must have at most ${max} properties`));
    }
    for (const [key, member] of value)
      errors.push(...this.#checkMember(schema, String(key), member, field, depth));
    return errors;
  }

  #checkMember(
    schema: RegoObject,
    name: string,
    member: Value,
    field: string,
    depth: number,
  ): SchemaError[] {
    const errors: SchemaError[] = [];
    const properties = schema.get('properties');
    const patterns = schema.get('patternProperties');
    const applied: Value[] = [];
    const own = isObject(properties) ? properties.get(name) : undefined;
    if (own !== undefined) applied.push(own);
    for (const [pattern, subschema] of isObject(patterns) ? patterns : []) {
      if (typeof pattern === 'string' && this.#matches(pattern, name)) applied.push(subschema);
    }
    const additional = schema.get('additionalProperties');
    if (applied.length === 0 && additional === false) {
      const text = `Additional property ${name} is not allowed`;
      errors.push(wrong(field, 'additional_property_not_allowed', text));
    } else if (applied.length === 0 && additional !== undefined) {
      applied.push(additional);
    }
    for (const subschema of applied) {
      errors.push(...this.validate(subschema, member, below(field, name), depth + 1));
    }
    return errors;
  }

  #checkCombined(schema: RegoObject, value: Value, field: string, depth: number): SchemaError[] {
    const errors: SchemaError[] = [];
    const fits = (subschema: Value): boolean =>
      this.validate(subschema, value, field, depth + 1).length === 0;
    const listOf = (keyword: string): readonly Value[] | undefined => {
      const list = schema.get(keyword);
      return isArray(list) ? list : undefined;
    };
    const all = listOf('allOf');
    if (all !== undefined && !all.every(fits)) {
      errors.push(...all.flatMap((one) => this.validate(one, value, field, depth + 1)));
      errors.push(wrong(field, 'number_all_of', 'Must validate all the schemas (allOf)'));
    }
    const any = listOf('anyOf');
    if (any !== undefined && !any.some(fits)) {
      errors.push(wrong(field, 'number_any_of', 'Must validate at least one schema (anyOf)'));
    }
    const one = listOf('oneOf');
    if (one !== undefined && one.filter(fits).length !== 1) {
      errors.push(wrong(field, 'number_one_of', 'Must validate one and only one schema (oneOf)'));
    }
    const not = schema.get('not');
    if (not !== undefined && fits(not)) {
      errors.push(wrong(field, 'number_not', 'Must not validate the schema (not)'));
    }
    const condition = schema.get('if');
    if (condition !== undefined) {
      const branch = schema.get(fits(condition) ? 'then' : 'else');
      if (branch !== undefined) errors.push(...this.validate(branch, value, field, depth + 1));
    }
    return errors;
  }
}

function wrong(field: string, type: string, description: string): SchemaError {
  return { field, type, description };
}

const below = (field: string, name: string): string =>
  field === '(Root)' ? name : `${field}.${name}`;

function jsonType(value: Value): string {
  if (isNumber(value)) return toInteger(value) === undefined ? 'number' : 'integer';
  return isSet(value) ? 'array' : kindOf(value);
}
