/**
 * What the linter is told of the contract: read from the input schemas, the members of a decision and the builtins. The linter itself
 * imports nothing of the engine.
 */
import type { LintContract } from '../lang/lint/contract.ts';
import { BoundedCache } from './builtins/bounded-cache.ts';
import { type CompiledPattern, compilePattern } from './builtins/pattern.ts';
import { createBuiltinTable } from './builtins/registry.ts';
import { checkerSignatures } from './checker-signatures.ts';
import { MASK_METHODS } from './contract/decision.ts';
import { COMMON_SCHEMA, INPUT_SCHEMAS } from './contract/input-schemas.ts';
import {
  APPROVAL_SCOPES,
  durationMs,
  MASK_SELECTORS,
  MEMBER_FIELDS,
} from './decision/decision-members.ts';
import { isFault } from './value/fault.ts';

/** Levels below `input` that are read; an identity contains an identity. */
const MAX_DEPTH = 7;
/** Patterns remembered for one run of the linter. */
const MAX_PATTERNS = 1000;

type Schema = { readonly [keyword: string]: unknown };

interface Facts {
  readonly choices: Map<string, Set<string>>;
  readonly fields: Map<string, Set<string>>;
  readonly optional: Set<string>;
  readonly open: Set<string>;
}

/** The contract as the linter takes it. */
export function lintContract(): LintContract {
  const facts: Facts = {
    choices: new Map(),
    fields: new Map(),
    optional: new Set(),
    open: new Set(),
  };
  for (const schema of Object.values(INPUT_SCHEMAS)) readSchema(schema, schema, 'input', facts);
  const patterns = new BoundedCache<CompiledPattern>(MAX_PATTERNS);
  return {
    choices: listed(facts.choices),
    fields: listed(facts.fields),
    optional: facts.optional,
    open: facts.open,
    memberFields: new Map(Object.entries(MEMBER_FIELDS)),
    maskMethods: MASK_METHODS,
    maskSelectors: MASK_SELECTORS,
    approvalScopes: APPROVAL_SCOPES,
    duration: durationMs,
    builtins: new Set(checkerSignatures(createBuiltinTable()).keys()),
    patternFault: (pattern) => {
      const compiled = compilePattern(patterns, pattern);
      return isFault(compiled) ? compiled.message : undefined;
    },
  };
}

function listed(sets: ReadonlyMap<string, Set<string>>): Map<string, readonly string[]> {
  return new Map([...sets].map(([path, names]) => [path, [...names]]));
}

/** A path that several action kinds have gets the values and fields of all of them. */
function readSchema(written: unknown, root: Schema, path: string, facts: Facts): void {
  const { schema, home } = resolve(written, root);
  if (schema === undefined || path.split('.').length > MAX_DEPTH) return;
  const values = schema['const'] === undefined ? schema['enum'] : [schema['const']];
  if (Array.isArray(values)) addAll(facts.choices, path, values.map(String));
  if (schema['items'] !== undefined) readSchema(schema['items'], home, `${path}[]`, facts);
  const properties = schema['properties'];
  if (!isSchema(properties)) {
    if (schema['type'] === 'object') facts.open.add(path);
    return;
  }
  addAll(facts.fields, path, Object.keys(properties));
  const required = Array.isArray(schema['required']) ? schema['required'] : [];
  for (const [name, property] of Object.entries(properties)) {
    if (!required.includes(name)) facts.optional.add(`${path}.${name}`);
    readSchema(property, home, `${path}.${name}`, facts);
  }
}

function addAll(sets: Map<string, Set<string>>, path: string, names: readonly string[]): void {
  const known = sets.get(path) ?? new Set<string>();
  for (const name of names) known.add(name);
  sets.set(path, known);
}

/** The schema a `$ref` means, with the document that further references of it are looked up in. */
function resolve(written: unknown, root: Schema): { schema: Schema | undefined; home: Schema } {
  if (!isSchema(written)) return { schema: undefined, home: root };
  const reference = written['$ref'];
  if (typeof reference !== 'string') return { schema: written, home: root };
  const [file = '', pointer = ''] = reference.split('#');
  const home: Schema = file === '' ? root : COMMON_SCHEMA;
  let found: unknown = home;
  for (const step of pointer.split('/').slice(1)) found = isSchema(found) ? found[step] : undefined;
  return { schema: isSchema(found) ? found : undefined, home };
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
