/** What the schemas of the input contract say of a path, those of all action kinds together. */
import { COMMON_SCHEMA, INPUT_SCHEMAS } from '../../engine/contract/input-schemas.ts';
import type { InputField } from '../../lang/server/ports.ts';

type Schema = Readonly<Record<string, unknown>>;

/** A part of a schema with the document its references point into. */
interface Part {
  readonly schema: Schema;
  readonly root: Schema;
}

/** A path such as `input.action.sql.statements[].class`; undefined where no schema has it. */
export function describeInput(path: string): InputField | undefined {
  const [root = '', ...steps] = path.replaceAll('[]', '.[]').split('.');
  if (root !== 'input') return undefined;
  let parts: readonly Part[] = Object.values(INPUT_SCHEMAS).map((schema) => ({
    schema,
    root: schema,
  }));
  for (const step of steps) parts = parts.flatMap((part) => stepInto(part, step));
  if (parts.length === 0) return undefined;
  const fields = new Map<string, string>();
  for (const part of parts)
    for (const [name, schema] of Object.entries(propertiesOf(part)))
      if (!fields.has(name)) fields.set(name, text(schema['description']) ?? '');
  return {
    description: parts.map(({ schema }) => text(schema['description'])).find(Boolean),
    fields,
  };
}

function stepInto(part: Part, step: string): readonly Part[] {
  const { schema, root } = resolve(part);
  const found = step === '[]' ? schema['items'] : propertiesOf(part)[step];
  const next = found ?? schema['additionalProperties'];
  return isSchema(next) ? [{ schema: next, root }] : [];
}

function propertiesOf(part: Part): Readonly<Record<string, Schema>> {
  const properties = resolve(part).schema['properties'];
  return isSchema(properties) ? (properties as Readonly<Record<string, Schema>>) : {};
}

/** Follows the reference of a part, into the shared definitions or its own document. */
function resolve(part: Part): Part {
  const reference = text(part.schema['$ref']);
  if (reference === undefined) return part;
  const [document = '', pointer = ''] = reference.split('#');
  const root: Schema = document === '' ? part.root : COMMON_SCHEMA;
  let found: unknown = root;
  for (const step of pointer.split('/').slice(1)) found = isSchema(found) ? found[step] : undefined;
  return isSchema(found) ? { schema: found, root } : part;
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
