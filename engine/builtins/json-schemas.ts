/**
 * `json.match_schema` and `json.verify_schema`: JSON Schema drafts 4 to 7 with the error objects and wording OPA's validator uses.
 * References are followed inside the schema only: nothing is fetched. OPA topdown/jsonschema.go.
 */
import { isObject } from '../value/compare.ts';
import { type BuiltinFault, builtinError, isFault, typeError } from '../value/fault.ts';
import { readJson } from '../value/json.ts';
import { RegoObject } from '../value/object.ts';
import type { Value } from '../value/value.ts';
import type { BuiltinFunction } from './context.ts';
import { anyValue, builtin } from './operand.ts';
import { findSchemaFault } from './schema-check.ts';
import { validateBySchema } from './schema-validation.ts';

/** A document is a value, or a text that holds JSON. */
function readDocument(value: Value): Value | BuiltinFault {
  if (typeof value !== 'string') return value;
  const reading = readJson(value);
  return reading.ok ? reading.value : builtinError(`invalid JSON string: ${reading.message}`);
}

function readSchema(value: Value): RegoObject | BuiltinFault {
  if (typeof value !== 'string' && !isObject(value)) {
    return typeError('wrong type, expected string or object');
  }
  const schema = readDocument(value);
  if (isFault(schema)) return schema;
  return isObject(schema) ? schema : builtinError('schema is no object');
}

export const JSON_SCHEMAS = {
  'json.verify_schema': builtin([anyValue], (_ctx, value) => {
    const schema = readSchema(value);
    const fault = isFault(schema) ? schema.message : findSchemaFault(schema);
    return fault === undefined ? [true, null] : [false, `jsonschema: ${fault}`];
  }),
  'json.match_schema': builtin([anyValue, anyValue], (ctx, value, rawSchema) => {
    const schema = readSchema(rawSchema);
    if (isFault(schema)) return schema;
    const invalid = findSchemaFault(schema);
    if (invalid !== undefined) return builtinError(invalid);
    const document = readDocument(value);
    if (isFault(document)) return document;
    const result = validateBySchema(ctx, schema, document);
    if (isFault(result)) return result;
    const errors = result.map(({ field, type, description }) =>
      RegoObject.from([
        ['error', `${field}: ${description}`],
        ['type', type],
        ['field', field],
        ['desc', description],
      ]),
    );
    return [errors.length === 0, errors];
  }),
} satisfies Readonly<Record<string, BuiltinFunction>>;
