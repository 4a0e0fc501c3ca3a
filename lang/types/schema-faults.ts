/**
 * What makes a schema of METADATA unusable beyond the types of its keywords: references that lead nowhere, and `allOf` of schemas that
 * OPA cannot merge. Must not judge schemas of the host's own, which are its business.
 */
import {
  isSchema,
  type JsonSchema,
  type SchemaLibrary,
  type SchemaObject,
  targetOf,
} from './schema.ts';

/** The first fault of a schema, in one clause; undefined where there is none. */
export function findUnusable(schema: JsonSchema, library: SchemaLibrary): string | undefined {
  const seen = new Set<JsonSchema>();
  const pending = [{ schema, root: schema }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { root } = next;
    if (typeof next.schema === 'boolean' || seen.has(next.schema)) continue;
    seen.add(next.schema);
    const reference = next.schema['$ref'];
    if (typeof reference === 'string') {
      const target = targetOf(reference, root, library);
      if (target === undefined)
        return `nothing is found at \`${reference}\`, and nothing is fetched`;
      pending.push(target);
      continue;
    }
    if (!isMergeable(next.schema, root, library))
      return 'the types of the schemas in an `allOf` differ';
    for (const part of partsOf(next.schema)) pending.push({ schema: part, root });
  }
  return undefined;
}

function partsOf(schema: SchemaObject): readonly JsonSchema[] {
  const { properties, items } = schema;
  const maps =
    typeof properties === 'object' && properties !== null ? Object.values(properties) : [];
  const lists = [items, schema['anyOf'], schema['allOf']].flatMap((list) => list ?? []);
  return [...maps, ...lists].filter(isSchema);
}

/** Are all schemas of an `allOf`, and the one it stands in, of one type? One that is nothing but an `anyOf` does not count. */
function isMergeable(schema: SchemaObject, root: JsonSchema, library: SchemaLibrary): boolean {
  const all = schema['allOf'];
  if (!Array.isArray(all)) return true;
  const parts = all.filter(isSchema).flatMap((part) => {
    const meant = referred(part, root, library);
    const isChoice = meant['anyOf'] !== undefined && typesOf(meant) === '';
    return isChoice ? [] : [meant];
  });
  const own = declaredTypes(schema);
  const types = parts.map(typesOf);
  const [first] = types;
  if (first === undefined) return true;
  return (
    types.every((one) => one === first) && (own === '' || own === first) && haveAlikeItems(parts)
  );
}

function referred(schema: JsonSchema, root: JsonSchema, library: SchemaLibrary): SchemaObject {
  let [meant, document] = [schema, root];
  for (const seen = new Set<JsonSchema>(); typeof meant === 'object' && !seen.has(meant); ) {
    seen.add(meant);
    const reference = meant['$ref'];
    const target =
      typeof reference === 'string' ? targetOf(reference, document, library) : undefined;
    if (target === undefined) break;
    [meant, document] = [target.schema, target.root];
  }
  return typeof meant === 'object' ? meant : {};
}

/** Schemas of one place in arrays must be of one type too. */
function haveAlikeItems(parts: readonly SchemaObject[]): boolean {
  const first: string[] = [];
  for (const { items } of parts) {
    const types = (Array.isArray(items) ? items : [items ?? true]).map((item) =>
      isSchema(item) && typeof item === 'object' ? declaredTypes(item) : undefined,
    );
    for (const [at, type] of types.entries()) {
      if (type === undefined) continue;
      first[at] ??= type;
      if (first[at] !== type) return false;
    }
  }
  return true;
}

function declaredTypes(schema: SchemaObject): string {
  return [schema['type'] ?? []].flat().join();
}

function typesOf(schema: SchemaObject): string {
  const declared = declaredTypes(schema);
  const implied =
    schema['properties'] !== undefined ? 'object' : schema['items'] !== undefined ? 'array' : '';
  if (implied === '' || declared.split(',').includes(implied)) return declared;
  return declared === '' ? implied : `${declared},${implied}`;
}
