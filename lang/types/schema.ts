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
/** Parts of a schema that are looked into; beyond them everything is `any`. Cuts schemas that branch as they contain themselves. */
const MAX_PARTS = 20_000;

/** A schema that says something. */
export type SchemaObject = { readonly [keyword: string]: unknown };
export type JsonSchema = boolean | SchemaObject;

/** Other schemas that a `$ref` may name, by `$id`. */
export type SchemaLibrary = ReadonlyMap<string, JsonSchema>;

interface Reading {
  /** The document that a `$ref` without a name points into. */
  readonly root: JsonSchema;
  readonly library: SchemaLibrary;
  readonly manner: SchemaReading;
  readonly budget: { parts: number };
}

/**
 * `exact` says all that the subset can; `opa` as much as OPA takes from a schema: one of several types, and nothing of `null`
 * and `additionalProperties`.
 */
export type SchemaReading = 'exact' | 'opa';

/** The type of the values a schema describes. A `$ref` that leads nowhere is `any`; nothing is fetched. */
export function typeFromSchema(
  schema: JsonSchema,
  library: SchemaLibrary = new Map(),
  manner: SchemaReading = 'exact',
): Type {
  return read(schema, { root: schema, library, manner, budget: { parts: MAX_PARTS } }, 0);
}

function read(schema: JsonSchema, reading: Reading, depth: number): Type {
  reading.budget.parts -= 1;
  if (typeof schema === 'boolean' || depth > MAX_DEPTH || reading.budget.parts < 0) return ANYTHING;
  const reference = schema['$ref'];
  if (typeof reference === 'string') {
    const found = targetOf(reference, reading.root, reading.library);
    return found === undefined
      ? ANYTHING
      : read(found.schema, { ...reading, root: found.root }, depth + 1);
  }
  const inside = (part: unknown): Type =>
    isSchema(part) ? read(part, reading, depth + 1) : ANYTHING;
  const any = schema['anyOf'];
  if (Array.isArray(any) && any.length > 0) {
    const own = hasOwnType(schema, reading.manner) ? [{ ...schema, anyOf: undefined }] : [];
    return joined([...own, ...any].map(inside));
  }
  const all = schema['allOf'];
  if (Array.isArray(all) && all.length > 0)
    return [{ ...schema, allOf: undefined }, ...all].map(inside).reduce(merge);
  const declared = schema['type'];
  const kinds = Array.isArray(declared) ? declared : [declared ?? impliedKind(schema)];
  if (reading.manner === 'exact')
    return joined(kinds.map((kind) => typeOfKind(String(kind), schema, inside)));
  const kind = KINDS_OF_OPA.find((one) => kinds.includes(one)) ?? impliedKind(schema);
  const part = kind === 'object' ? { ...schema, additionalProperties: true } : schema;
  return typeOfKind(kind, part, inside);
}

/** The order in which OPA looks for the one type it takes. */
const KINDS_OF_OPA = ['boolean', 'string', 'integer', 'number', 'object', 'array'];

/** Does a schema with `anyOf` describe an object itself? OPA looks only where the type is written. */
function hasOwnType(schema: SchemaObject, manner: SchemaReading): boolean {
  if (schema['properties'] === undefined) return false;
  return manner === 'exact' || schema['type'] !== undefined;
}

/** What a `$ref` in the document `root` names, and the document that is in. */
export function targetOf(
  reference: string,
  document: JsonSchema,
  library: SchemaLibrary,
): { readonly schema: JsonSchema; readonly root: JsonSchema } | undefined {
  const hash = reference.indexOf('#');
  const name = hash === -1 ? reference : reference.slice(0, hash);
  const root = name === '' ? document : library.get(name);
  if (root === undefined) return undefined;
  const steps = hash === -1 ? [] : reference.slice(hash + 1).split('/');
  if (steps[0] !== undefined && steps[0] !== '') return undefined;
  let found: unknown = root;
  for (const step of steps.slice(1)) {
    const key = decodeStep(step);
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, key)) return undefined;
    found = (found as SchemaObject)[key];
  }
  return isSchema(found) ? { schema: found, root } : undefined;
}

/** A step of a JSON pointer in a URI fragment (RFC 6901, section 6); one that is badly encoded names itself. */
function decodeStep(step: string): string {
  try {
    return decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~');
  } catch {
    return step;
  }
}

function joined(types: readonly Type[]): Type {
  return types.reduce((all, type) => unionOf(all, type) ?? ANYTHING);
}

/** Is it a schema: an object or a boolean? */
export function isSchema(value: unknown): value is JsonSchema {
  return (
    typeof value === 'boolean' ||
    (typeof value === 'object' && value !== null && !Array.isArray(value))
  );
}

function impliedKind(schema: SchemaObject): string {
  if (schema['properties'] !== undefined) return 'object';
  return schema['items'] === undefined ? 'any' : 'array';
}

function typeOfKind(kind: string, schema: SchemaObject, inside: (part: unknown) => Type): Type {
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
    case 'array': {
      const items = schema['items'] ?? true;
      return Array.isArray(items) ? arrayType(items.map(inside)) : arrayType([], inside(items));
    }
    case 'object': {
      const declared = schema['properties'];
      const properties = isSchema(declared) && declared !== true ? Object.entries(declared) : [];
      if (properties.length > 0)
        return objectType(
          properties.map(([name, part]) => ({ key: stringKey(name), type: inside(part) })),
          undefined,
        );
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
