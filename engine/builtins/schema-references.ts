/**
 * What `$ref` and `$id` of a JSON Schema name. Every reference is resolved against the `$id`s around it before anything is read, and
 * found in the document itself: nothing is fetched.
 */
import { isArray, isObject } from '../value/compare.ts';
import { type BuiltinFault, builtinError, isFault } from '../value/fault.ts';
import type { RegoObject } from '../value/object.ts';
import type { Value } from '../value/value.ts';
import type { BuiltinContext } from './context.ts';
import { unescapePercent } from './encodings.ts';
import { escapePath, splitUri } from './uris.ts';

/** A reference in two parts; the fragment is decoded. */
export interface SchemaReference {
  readonly base: string;
  readonly fragment: string;
}

/** A scheme and a host. */
const REMOTE = /^[a-zA-Z][a-zA-Z0-9+.-]*:\/\/[^/]|^file:/;
/** A scheme and a path: what is resolved against it is written with an empty host. */
const WITHOUT_HOST = /^([a-zA-Z][a-zA-Z0-9+.-]*:)(?=\/(?!\/))/;
const ABSOLUTE = /^[a-zA-Z][a-zA-Z0-9+.-]*:/;
/** Keywords whose members are schemas by any name, so that `$ref` is no keyword among them. */
const BY_NAME: readonly Value[] = ['properties', 'dependencies', 'patternProperties'];
/** A path or fragment of these characters is kept as it is. */
const KEPT = /^(?:[A-Za-z0-9\-_.~$&+,/:;=@!'()*[\]]|%[\da-fA-F]{2})*$/;
const LITERAL: readonly Value[] = ['const', 'enum'];

/** The text of a reference; a fault where it is no URI reference. */
export function readReference(source: string): SchemaReference | BuiltinFault {
  const parsed = splitUri(source);
  if (isFault(parsed)) return parsed;
  const hash = source.indexOf('#');
  const fragment = unescapePercent(hash < 0 ? '' : source.slice(hash + 1));
  if (isFault(fragment)) return fragment;
  return { base: hash < 0 ? source : source.slice(0, hash), fragment };
}

/** One text per target. */
export function referenceKey({ base, fragment }: SchemaReference): string {
  return fragment === '' ? base : `${base}#${fragment}`;
}

/** A reference as Go writes it. */
function escapedText({ base, fragment }: SchemaReference): string {
  const path = KEPT.test(base) ? base : escapePath(base);
  if (fragment === '') return path;
  return `${path}#${KEPT.test(fragment) ? fragment : escapePath(fragment, '?!()*')}`;
}

function resolve(base: string, { base: path, fragment }: SchemaReference): SchemaReference {
  if (path === '') return { base: base.replace(WITHOUT_HOST, '$1//'), fragment };
  if (ABSOLUTE.test(path)) return { base: path, fragment };
  if (URL.canParse(path, base)) return { base: new URL(path, base).href, fragment };
  return { base: path.startsWith('/') ? path : `/${path}`, fragment };
}

/** The documents that references may name, and where the reference of each schema leads. */
export class SchemaReferences {
  readonly #ctx: BuiltinContext;
  readonly #documents = new Map<string, Value>();
  readonly #targets = new Map<RegoObject, SchemaReference>();

  constructor(ctx: BuiltinContext) {
    this.#ctx = ctx;
  }

  /** Walks the whole document, to be called once. */
  collect(root: Value): BuiltinFault | undefined {
    const fault = this.#walk(root, '');
    this.#documents.set('', root);
    return fault;
  }

  #walk(value: Value, base: string): BuiltinFault | undefined {
    if (!isArray(value) && !isObject(value)) return undefined;
    const over = this.#ctx.charge(1);
    if (over !== undefined) return over;
    if (isArray(value)) return this.#walkAll(value, base);
    const own = this.#enter(value, base);
    if (isFault(own)) return own;
    const source = value.get('$ref');
    const reference = typeof source === 'string' ? readReference(source) : undefined;
    if (reference !== undefined && !isFault(reference))
      this.#targets.set(value, resolve(own, reference));
    for (const [keyword, member] of value) {
      if (LITERAL.includes(keyword)) continue;
      const isByName = BY_NAME.includes(keyword);
      if (isByName && !isObject(member)) continue;
      const parts = isByName && isObject(member) ? [...member.values()] : [member];
      const fault = this.#walkAll(parts, own);
      if (fault !== undefined) return fault;
    }
    return undefined;
  }

  #walkAll(values: readonly Value[], base: string): BuiltinFault | undefined {
    for (const value of values) {
      const fault = this.#walk(value, base);
      if (fault !== undefined) return fault;
    }
    return undefined;
  }

  /** The base inside of a schema, which is a document by its own name where it has an `$id`. */
  #enter(schema: RegoObject, base: string): string | BuiltinFault {
    const id = schema.get(schema.has('id') ? 'id' : '$id');
    const reference = typeof id === 'string' ? readReference(id) : undefined;
    if (reference === undefined || isFault(reference)) return base;
    const resolved = resolve(base, reference);
    const key = referenceKey(resolved);
    if (this.#documents.has(key)) return builtinError(`Reference already exists: "${key}"`);
    this.#documents.set(key, schema);
    return resolved.base;
  }

  /** Where the `$ref` of a schema leads. */
  targetOf(schema: RegoObject): SchemaReference | undefined {
    return this.#targets.get(schema);
  }

  /** The value a reference names. A fragment that is no pointer names the whole document. */
  find(reference: SchemaReference): Value | BuiltinFault {
    const key = referenceKey(reference);
    const known = this.#documents.get(key) ?? this.#documents.get(reference.base);
    if (known === undefined) {
      return builtinError(
        REMOTE.test(key)
          ? `remote reference loading disabled: ${key}`
          : `Reference ${escapedText(reference)} must be canonical`,
      );
    }
    if (this.#documents.has(key) || !reference.fragment.startsWith('/')) return known;
    return follow(known, reference.fragment.slice(1).split('/'));
  }
}

function follow(document: Value, tokens: readonly string[]): Value | BuiltinFault {
  let current = document;
  for (const token of tokens) {
    if (isObject(current)) {
      const name = token.replaceAll('~1', '/').replaceAll('~0', '~');
      const next = current.get(name);
      if (next === undefined) return builtinError(`Object has no key '${name}'`);
      current = next;
    } else if (isArray(current)) {
      if (!/^[+-]?\d+$/.test(token)) return builtinError(`Invalid array index '${token}'`);
      const next: Value | undefined = current[Number(token)];
      if (next === undefined) {
        return builtinError(`Out of bound array[0,${current.length}] index '${Number(token)}'`);
      }
      current = next;
    } else {
      return builtinError(`Invalid token reference '${token}'`);
    }
  }
  return current;
}
