/**
 * `json.match_schema` and `json.verify_schema`: JSON Schema drafts 4 to 7 with the error objects and wording OPA's validator uses.
 * References are followed inside the schema only: nothing is fetched. OPA topdown/jsonschema.go.
 */
import { isArray, isObject } from '../value/compare.ts';
import { type BuiltinFault, builtinError, isFault } from '../value/fault.ts';
import { readJson, writeJson } from '../value/json.ts';
import { RegoObject } from '../value/object.ts';
import type { Value } from '../value/value.ts';
import type { BuiltinContext, BuiltinFunction } from './context.ts';
import { anyValue, builtin } from './operand.ts';
import type { SchemaNode } from './schema-node.ts';
import { readSchemaDocument } from './schema-reader.ts';
import { validateBySchema } from './schema-validation.ts';

/** A document is an object or an array, of which JSON is made, or a text that holds JSON. */
function readDocument(value: Value): Value | BuiltinFault {
  if (typeof value !== 'string' && !isObject(value) && !isArray(value))
    return builtinError('wrong type, expected string or object');
  const reading = readJson(typeof value === 'string' ? value : writeJson(value));
  return reading.ok ? reading.value : builtinError('invalid JSON string');
}

function readSchema(ctx: BuiltinContext, value: Value): SchemaNode | BuiltinFault {
  const document = readDocument(value);
  return isFault(document) ? document : readSchemaDocument(ctx, document, { checkPatterns: true });
}

export const JSON_SCHEMAS = {
  'json.verify_schema': builtin([anyValue], (ctx, value) => {
    const schema = readSchema(ctx, value);
    if (!isFault(schema)) return [true, null];
    return schema.code === 'eval_limit_error' ? schema : [false, `jsonschema: ${schema.message}`];
  }),
  'json.match_schema': builtin([anyValue, anyValue], (ctx, value, rawSchema) => {
    const document = readDocument(value);
    if (isFault(document)) return document;
    const schema = readSchema(ctx, rawSchema);
    if (isFault(schema)) return schema;
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
