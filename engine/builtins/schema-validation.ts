/** Validation of a value by a JSON Schema that was read; errors come in the order and wording of OPA's validator. */
import { isArray, isObject } from '../value/compare.ts';
import { type BuiltinFault, limitError } from '../value/fault.ts';
import { isNumber } from '../value/number.ts';
import type { RegoObject } from '../value/object.ts';
import type { Value } from '../value/value.ts';
import { countCodePoints } from './aggregates.ts';
import type { BuiltinContext } from './context.ts';
import { hasFormat } from './schema-formats.ts';
import { settledText } from './schema-keywords.ts';
import type { SchemaNode } from './schema-node.ts';
import { checkNumber, isWhole } from './schema-numbers.ts';
import {
  bestOf,
  placeBelow,
  ROOT_PLACE,
  type SchemaError,
  SchemaOutcome,
} from './schema-outcome.ts';

/** Nested references and subschemas that are followed. */
export const MAX_SCHEMA_DEPTH = 200;

/** The errors of a JSON value, or a fault when a limit was met. */
export function validateBySchema(
  ctx: BuiltinContext,
  schema: SchemaNode,
  value: Value,
): readonly SchemaError[] | BuiltinFault {
  const validator = new SchemaValidator(ctx);
  const { errors } = validator.validate(schema, value, ROOT_PLACE);
  return validator.fault ?? errors;
}

class SchemaValidator {
  fault: BuiltinFault | undefined;
  readonly #ctx: BuiltinContext;
  #depth = 0;

  constructor(ctx: BuiltinContext) {
    this.#ctx = ctx;
  }

  validate(schema: SchemaNode, value: Value, place: string): SchemaOutcome {
    const outcome = new SchemaOutcome();
    this.#apply(schema, value, place, outcome);
    return outcome;
  }

  #apply(schema: SchemaNode, value: Value, place: string, outcome: SchemaOutcome): void {
    if (this.fault !== undefined) return;
    this.fault =
      this.#depth >= MAX_SCHEMA_DEPTH
        ? limitError(`schema exceeds the limit of ${MAX_SCHEMA_DEPTH} nested schemas`)
        : this.#ctx.charge(1);
    if (this.fault !== undefined) return;
    this.#depth += 1;
    if (schema.pass !== undefined) {
      if (!schema.pass) outcome.fail(place, 'false', 'False always fails validation');
    } else if (schema.reference !== undefined) {
      this.#apply(schema.reference, value, place, outcome);
    } else if (hasType(schema, value)) {
      this.#combine(schema, value, place, outcome);
      this.#checkByType(schema, value, place, outcome);
      outcome.count();
    } else {
      const { types } = schema;
      const expected = types.length > 1 ? `[${types.join(',')}]` : types.join(',');
      const text = `Invalid type. Expected: ${expected}, given: ${jsonType(value)}`;
      outcome.fail(place, 'invalid_type', text);
    }
    this.#depth -= 1;
  }

  #checkByType(schema: SchemaNode, value: Value, place: string, outcome: SchemaOutcome): void {
    if (isArray(value)) this.#checkArray(schema, value, place, outcome);
    else if (isObject(value)) this.#checkObject(schema, value, place, outcome);
    else if (isNumber(value)) checkNumber(schema, value, outcome, place);
    this.#checkValue(schema, value, place, outcome);
    if (typeof value === 'string') checkText(schema, value, place, outcome);
    for (const [name, property] of isObject(value) ? schema.properties : []) {
      const member = isObject(value) ? value.get(name) : undefined;
      if (member !== undefined) this.#apply(property, member, placeBelow(place, name), outcome);
    }
  }

  #combine(schema: SchemaNode, value: Value, place: string, outcome: SchemaOutcome): void {
    this.#checkAlternatives(schema, value, place, outcome);
    const all = schema.allOf.map((one) => this.validate(one, value, place));
    for (const one of all) outcome.merge(one);
    if (!all.every(({ isValid }) => isValid))
      outcome.fail(place, 'number_all_of', 'Must validate all the schemas (allOf)');
    if (schema.not !== undefined && this.validate(schema.not, value, place).isValid)
      outcome.fail(place, 'number_not', 'Must not validate the schema (not)');
    if (isObject(value)) this.#checkDependencies(schema, value, place, outcome);
    if (schema.if !== undefined) {
      const holds = this.validate(schema.if, value, place).isValid;
      const branch = holds ? schema.then : schema.else;
      const found = branch && this.validate(branch, value, place);
      if (found !== undefined && !found.isValid) {
        const text = `Must validate "${holds ? 'then' : 'else'}" as "if" was ${holds ? '' : 'not '}valid`;
        outcome.fail(place, holds ? 'condition_then' : 'condition_else', text);
        outcome.merge(found);
      }
    }
    outcome.count();
  }

  #checkAlternatives(
    schema: SchemaNode,
    value: Value,
    place: string,
    outcome: SchemaOutcome,
  ): void {
    const failed: SchemaOutcome[] = [];
    const fits = schema.anyOf.some((one) => {
      const found = this.validate(one, value, place);
      if (!found.isValid) failed.push(found);
      return found.isValid;
    });
    if (schema.anyOf.length > 0 && !fits) {
      outcome.fail(place, 'number_any_of', 'Must validate at least one schema (anyOf)');
      outcome.merge(bestOf(failed) ?? new SchemaOutcome());
    }
    const found = schema.oneOf.map((one) => this.validate(one, value, place));
    const count = found.filter(({ isValid }) => isValid).length;
    if (found.length > 0 && count !== 1) {
      outcome.fail(place, 'number_one_of', 'Must validate one and only one schema (oneOf)');
      if (count === 0) outcome.merge(bestOf(found) ?? new SchemaOutcome());
    }
  }

  #checkDependencies(
    { dependencies }: SchemaNode,
    value: RegoObject,
    place: string,
    outcome: SchemaOutcome,
  ): void {
    for (const [name, dependency] of dependencies) {
      if (!value.has(name)) continue;
      if (!('length' in dependency)) {
        this.#apply(dependency, value, place, outcome);
        continue;
      }
      for (const other of dependency)
        if (!value.has(other))
          outcome.fail(place, 'missing_dependency', `Has a dependency on ${other}`);
    }
  }

  #checkValue(schema: SchemaNode, value: Value, place: string, outcome: SchemaOutcome): void {
    const isListed = schema.const !== undefined || schema.enum !== undefined;
    const text = isListed ? settledText(value) : '';
    if (schema.const !== undefined && schema.const !== text)
      outcome.fail(place, 'const', (field) => `${field} does not match: ${schema.const}`);
    const { enum: options } = schema;
    if (options !== undefined && !options.includes(text)) {
      const list = options.join(', ');
      outcome.fail(place, 'enum', (field) => `${field} must be one of the following: ${list}`);
    }
    if (typeof value === 'string' && !hasFormat(this.#ctx, schema.format, value))
      outcome.fail(place, 'format', `Does not match format '${schema.format}'`);
    outcome.count();
  }

  #checkArray(
    schema: SchemaNode,
    list: readonly Value[],
    place: string,
    outcome: SchemaOutcome,
  ): void {
    this.#checkItems(schema, list, place, outcome);
    const { minItems, maxItems } = schema;
    if (minItems !== undefined && list.length < minItems)
      outcome.fail(place, 'array_min_items', `Array must have at least ${minItems} items`);
    if (maxItems !== undefined && list.length > maxItems)
      outcome.fail(place, 'array_max_items', `Array must have at most ${maxItems} items`);
    if (schema.uniqueItems) checkUnique(list, place, outcome);
    const { contains } = schema;
    if (contains !== undefined) {
      const failed: SchemaOutcome[] = [];
      const holds = list.some((item, at) => {
        const found = this.validate(contains, item, placeBelow(place, String(at)));
        if (!found.isValid) failed.push(found);
        return found.isValid;
      });
      if (!holds) {
        outcome.fail(place, 'contains', 'At least one of the items must match');
        outcome.merge(bestOf(failed) ?? new SchemaOutcome());
      }
    }
    outcome.count();
  }

  #checkItems(
    { items, additionalItems }: SchemaNode,
    list: readonly Value[],
    place: string,
    outcome: SchemaOutcome,
  ): void {
    if (items === undefined) return;
    const isList = 'length' in items;
    for (const [at, item] of list.entries()) {
      const own = isList ? (items[at] ?? additionalItems) : items;
      if (own !== undefined && typeof own !== 'boolean' && !(isList && items.length === 0))
        outcome.merge(this.validate(own, item, placeBelow(place, String(at))));
    }
    const isOver = isList && items.length > 0 && list.length > items.length;
    if (isOver && additionalItems === false)
      outcome.fail(place, 'array_no_additional_items', 'No additional items allowed on array');
  }

  #checkObject(schema: SchemaNode, value: RegoObject, place: string, outcome: SchemaOutcome): void {
    const { minProperties: min, maxProperties: max } = schema;
    if (min !== undefined && value.size < min)
      outcome.fail(place, 'array_min_properties', `Must have at least ${min} properties`);
    if (max !== undefined && value.size > max)
      outcome.fail(place, 'array_max_properties', `Must have at most ${max} properties`);
    for (const name of schema.required) {
      if (value.has(name)) outcome.count();
      else outcome.fail(place, 'required', `${name} is required`);
    }
    for (const [key, member] of value)
      this.#checkMember(schema, String(key), member, place, outcome);
    for (const [key] of schema.propertyNames === undefined ? [] : value) {
      const found = this.validate(schema.propertyNames ?? schema, key, place);
      if (found.isValid) continue;
      const text = `Property name of "${String(key)}" does not match`;
      outcome.fail(place, 'invalid_property_name', text);
      outcome.merge(found);
    }
    outcome.count();
  }

  #checkMember(
    { properties, patternProperties, additionalProperties }: SchemaNode,
    name: string,
    member: Value,
    place: string,
    outcome: SchemaOutcome,
  ): void {
    const matching = patternProperties.filter(([pattern]) => pattern.test(name));
    for (const [, schema] of matching)
      outcome.merge(this.validate(schema, member, placeBelow(place, name)));
    if (matching.length > 0) outcome.count();
    if (properties.has(name) || matching.length > 0 || additionalProperties === undefined) return;
    if (typeof additionalProperties !== 'boolean') {
      outcome.merge(this.validate(additionalProperties, member, placeBelow(place, name)));
    } else if (!additionalProperties) {
      const text = `Additional property ${name} is not allowed`;
      outcome.fail(place, 'additional_property_not_allowed', text);
    }
  }
}

function checkText(schema: SchemaNode, value: string, place: string, outcome: SchemaOutcome): void {
  const { minLength: min, maxLength: max, pattern } = schema;
  const length = min === undefined && max === undefined ? 0 : countCodePoints(value);
  if (min !== undefined && length < min)
    outcome.fail(place, 'string_gte', `String length must be greater than or equal to ${min}`);
  if (max !== undefined && length > max)
    outcome.fail(place, 'string_lte', `String length must be less than or equal to ${max}`);
  if (pattern !== undefined && !pattern.compiled.test(value))
    outcome.fail(place, 'pattern', `Does not match pattern '${pattern.source}'`);
  outcome.count();
}

function checkUnique(list: readonly Value[], place: string, outcome: SchemaOutcome): void {
  const seen = new Map<string, number>();
  for (const [at, item] of list.entries()) {
    const text = settledText(item);
    const before = seen.get(text);
    if (before !== undefined)
      outcome.fail(place, 'unique', `array items[${before},${at}] must be unique`);
    seen.set(text, at);
  }
}

function hasType({ types }: SchemaNode, value: Value): boolean {
  const type = jsonType(value);
  return (
    types.length === 0 || types.includes(type) || (type === 'integer' && types.includes('number'))
  );
}

function jsonType(value: Value): string {
  if (value === null) return 'null';
  if (isNumber(value)) return isWhole(value) ? 'integer' : 'number';
  if (isArray(value)) return 'array';
  return isObject(value) ? 'object' : typeof value;
}
