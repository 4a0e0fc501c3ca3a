/**
 * Types from JSON Schemas: the subset that says what fields there are and of which type. Objects with `properties` are closed, as OPA
 * has it; `oneOf`, `not`, patterns and formats say nothing here.
 */
import {
  ANYTHING,
  arrayType,
  BOOLEAN,
  NULL,
  NUMBER,
  objectType,
  STRING,
  stringKey,
  type Type,
  unionOf,
} from './type.ts';

/** Levels of a schema that are looked into; below them everything is `any`. Cuts schemas that contain themselves. */
const MAX_DEPTH = 12;

export type JsonSchema = boolean | { readonly [keyword: string]: unknown };

/** Finds the schema a `$ref` names; undefined makes it `any`. */
export type SchemaResolver = (reference: string, from: JsonSchema) => JsonSchema | undefined;

/** The type of the values a schema describes. */
export function typeFromSchema(schema: JsonSchema, resolve: SchemaResolver, depth = 0): Type {
  if (typeof schema === 'boolean' || depth > MAX_DEPTH) return ANYTHING;
  const reference = schema['$ref'];
  if (typeof reference === 'string') {
    const found = resolve(reference, schema);
    return found === undefined ? ANYTHING : typeFromSchema(found, resolve, depth + 1);
  }
  const inside = (part: unknown): Type =>
    isSchema(part) ? typeFromSchema(part, resolve, depth + 1) : ANYTHING;
  const any = schema['anyOf'] ?? schema['oneOf'];
  if (Array.isArray(any) && any.length > 0)
    return any.map(inside).reduce((all, type) => unionOf(all, type) ?? ANYTHING);
  const all = schema['allOf'];
  if (Array.isArray(all) && all.length > 0)
    return [{ ...schema, allOf: undefined }, ...all].map(inside).reduce(merge);
  const declared = schema['type'];
  const kinds = Array.isArray(declared) ? declared : [declared ?? impliedKind(schema)];
  const types = kinds.map((kind) => typeOfKind(String(kind), schema, inside));
  return types.reduce((joined, type) => unionOf(joined, type) ?? ANYTHING);
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'boolean' || (typeof value === 'object' && value !== null);
}

function impliedKind(schema: Exclude<JsonSchema, boolean>): string {
  if (schema['properties'] !== undefined) return 'object';
  return schema['items'] === undefined ? 'any' : 'array';
}

function typeOfKind(
  kind: string,
  schema: Exclude<JsonSchema, boolean>,
  inside: (part: unknown) => Type,
): Type {
  switch (kind) {
    case 'null':
      return NULL;
    case 'boolean':
      return BOOLEAN;
    case 'integer':
    case 'number':
      return NUMBER;
    case 'string':
      return STRING;
    case 'array':
      return arrayType([], inside(schema['items'] ?? true));
    case 'object': {
      const properties = Object.entries(
        (schema['properties'] as Record<string, unknown> | undefined) ?? {},
      ).map(([name, part]) => ({ key: stringKey(name), type: inside(part) }));
      if (properties.length > 0) return objectType(properties, undefined);
      return objectType([], { key: STRING, value: inside(schema['additionalProperties'] ?? true) });
    }
    default:
      return ANYTHING;
  }
}

/** Both at once, as `allOf` asks: objects are joined property by property, `any` gives way. */
function merge(a: Type, b: Type): Type {
  if (a.kind === 'any' && a.of.length === 0) return b;
  if (b.kind === 'any' && b.of.length === 0) return a;
  if (a.kind !== 'object' || b.kind !== 'object') return a;
  return objectType([...a.properties.values(), ...b.properties.values()], a.dynamic ?? b.dynamic);
}
