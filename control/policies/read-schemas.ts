/** JSON Schemas that METADATA may name, from a folder: `api/pod.json` is `schema.api.pod`, as with OPA's option of the same name. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { JsonSchema } from '../../lang/types/schema.ts';
import { ControlError } from '../error.ts';

/** Bytes of one schema. */
const MAX_SCHEMA_BYTES = 4 * 1024 * 1024;

/** The schemas of a folder by the names METADATA gives them. Throws `policy/invalid` for a file that is no JSON object. */
export function readSchemas(folder: string): Readonly<Record<string, JsonSchema>> {
  const schemas: Record<string, JsonSchema> = {};
  for (const file of listSchemas(folder)) {
    const parts = relative(folder, file)
      .replace(/\.json$/, '')
      .split(sep);
    schemas[['schema', ...parts].join('.')] = readSchema(file);
  }
  return schemas;
}

function listSchemas(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.json'))
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
  } catch (cause) {
    throw new ControlError('policy/not-found', `the schemas ${folder} cannot be read`, {
      cause,
      hint: 'name a folder of JSON Schemas: `input.json` in it is `schema.input`',
    });
  }
}

function readSchema(file: string): JsonSchema {
  try {
    if (statSync(file).size > MAX_SCHEMA_BYTES)
      throw new RangeError(`it is larger than ${MAX_SCHEMA_BYTES} bytes`);
    const schema: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof schema === 'object' && schema !== null && !Array.isArray(schema))
      return schema as JsonSchema;
    throw new TypeError('it is no object');
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ControlError('policy/invalid', `the schema ${file} cannot be read: ${why}`, {
      cause,
    });
  }
}
