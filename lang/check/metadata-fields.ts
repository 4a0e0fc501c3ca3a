/** The fields of a METADATA block: read, and refused where OPA refuses them. Unknown fields are ignored, as in OPA. */
import type { Annotation, SchemaAnnotation } from './annotation.ts';
import { writtenOut, YamlInstant } from './metadata-yaml.ts';

/** Fields without their place and default scope. */
export type MetadataFields = Omit<Annotation, 'source' | 'span' | 'scope'> & {
  readonly scope: string | undefined;
};

export interface FieldsResult {
  readonly fields: MetadataFields | undefined;
  readonly fault: string | undefined;
}

/** Words of YAML 1.1 that OPA takes where it expects a boolean, and only there. */
const TRUE_WORDS: ReadonlySet<unknown> = new Set(['y', 'Y', 'yes', 'on']);
const FALSE_WORDS: ReadonlySet<unknown> = new Set(['n', 'N', 'no', 'off']);

class FieldFault extends Error {}

/** Reads a block's value. */
export function readFields(value: unknown): FieldsResult {
  if (!isRecord(value)) return { fields: undefined, fault: 'expected fields such as `title: ...`' };
  try {
    return { fields: read(value), fault: undefined };
  } catch (cause) {
    if (cause instanceof FieldFault) return { fields: undefined, fault: cause.message };
    throw cause;
  }
}

function read(raw: Readonly<Record<string, unknown>>): MetadataFields {
  return {
    scope: text(raw, 'scope'),
    title: text(raw, 'title'),
    description: text(raw, 'description'),
    entrypoint: flag(raw, 'entrypoint'),
    organizations: list(raw, 'organizations').map((item) => scalarText(item, 'organizations')),
    relatedResources: list(raw, 'related_resources').map(relatedResource),
    authors: list(raw, 'authors').map(author),
    schemas: list(raw, 'schemas').map(schema),
    custom: record(raw, 'custom'),
    labels: record(raw, 'labels'),
  };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function scalarText(value: unknown, field: string): string {
  if (value instanceof YamlInstant) return value.source;
  if (typeof value === 'object' || value === undefined) {
    throw new FieldFault(`\`${field}\` must be text`);
  }
  return String(value);
}

function text(raw: Readonly<Record<string, unknown>>, field: string): string | undefined {
  const value = raw[field];
  return value === undefined || value === null ? undefined : scalarText(value, field);
}

function flag(raw: Readonly<Record<string, unknown>>, field: string): boolean {
  const value = raw[field];
  if (value === undefined || value === null) return false;
  if (TRUE_WORDS.has(value)) return true;
  if (FALSE_WORDS.has(value)) return false;
  if (typeof value !== 'boolean') throw new FieldFault(`\`${field}\` must be true or false`);
  return value;
}

function list(raw: Readonly<Record<string, unknown>>, field: string): readonly unknown[] {
  const value = raw[field];
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw new FieldFault(`\`${field}\` must be a list`);
  return value;
}

function record(
  raw: Readonly<Record<string, unknown>>,
  field: string,
): Readonly<Record<string, unknown>> {
  const value = raw[field];
  if (value === undefined || value === null) return {};
  if (!isRecord(value)) throw new FieldFault(`\`${field}\` must hold fields`);
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, writtenOut(item)]));
}

function relatedResource(value: unknown): Annotation['relatedResources'][number] {
  const fields = isRecord(value) ? value : { ref: value };
  const ref = typeof fields['ref'] === 'string' ? fields['ref'].trim() : '';
  if (ref === '') throw new FieldFault('an entry of `related_resources` needs a `ref`');
  const description = fields['description'];
  return {
    ref: escapeLink(ref),
    description: typeof description === 'string' ? description.trim() : '',
  };
}

/** What no URL may hold in its path or fragment is escaped, as OPA writes a link that it has read. */
function escapeLink(link: string): string {
  const [, before = '', path = '', query = '', fragment = ''] =
    /^([a-z][a-z\d+.-]*:\/\/[^/?#]*)?([^?#]*)(\?[^#]*)?(#.*)?$/isu.exec(link) ?? [];
  const escaped = (text: string): string =>
    text.replace(/[^\w.~!$&'()*+,;=:@/[\]%#?-]+/gu, encodeURIComponent);
  return before + escaped(path) + query + escaped(fragment);
}

function author(value: unknown): Annotation['authors'][number] {
  if (isRecord(value)) {
    const name = typeof value['name'] === 'string' ? value['name'].trim() : '';
    const email = typeof value['email'] === 'string' ? value['email'].trim() : '';
    if (name === '' && email === '') throw new FieldFault('an author needs a `name` or an `email`');
    return { name, email };
  }
  const words = typeof value === 'string' ? value.split(/\s+/).filter((word) => word !== '') : [];
  if (words.length === 0) throw new FieldFault('an author cannot be empty');
  const last = words[words.length - 1] ?? '';
  if (!last.startsWith('<') || !last.endsWith('>')) return { name: words.join(' '), email: '' };
  return { name: words.slice(0, -1).join(' '), email: last.slice(1, -1) };
}

const REFERENCE = /^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*|\["[^"\\]*"\])*$/;

function schema(value: unknown): SchemaAnnotation {
  const [entry] = isRecord(value) ? Object.entries(value) : [];
  if (!entry) throw new FieldFault('an entry of `schemas` is a document and its schema');
  const [document, definition] = entry;
  const path = reference(document);
  if (path?.[0] !== 'input' && path?.[0] !== 'data') {
    throw new FieldFault(`\`${document}\` is no document: it begins with \`input\` or \`data\``);
  }
  if (isRecord(definition)) {
    const written = writtenOut(definition);
    return { path, reference: undefined, definition: written };
  }
  const named = typeof definition === 'string' ? reference(definition) : undefined;
  if (named?.[0] !== 'schema') {
    throw new FieldFault(
      `the schema of \`${document}\` is neither \`schema...\` nor a schema itself`,
    );
  }
  return { path, reference: named, definition: undefined };
}

function reference(written: string): readonly string[] | undefined {
  if (!REFERENCE.test(written)) return undefined;
  return [...written.matchAll(/\["([^"\\]*)"\]|\w+/g)].map((found) => found[1] ?? found[0]);
}
