/**
 * Reading a JSON Schema whole before it is used: what is no schema is a fault, worded as OPA's validator words it. Keywords are read in
 * one order, which decides the fault that is told where there are several.
 */
import { isArray, isObject } from '../value/compare.ts';
import { type BuiltinFault, builtinError, isFault, limitError } from '../value/fault.ts';
import type { RegoObject } from '../value/object.ts';
import type { Value } from '../value/value.ts';
import type { BuiltinContext } from './context.ts';
import { compilePattern } from './pattern.ts';
import {
  invalidType,
  listMember,
  readNumbers,
  readRequired,
  readSizes,
  readTypes,
  readUnique,
  readValues,
  textMember,
} from './schema-keywords.ts';
import { type Draft, emptySchemaNode, type SchemaNode } from './schema-node.ts';
import { readReference, referenceKey, SchemaReferences } from './schema-references.ts';

/** Subschemas a schema may have before it is refused. */
export const MAX_SUBSCHEMAS = 10_000;
/** Schemas inside of schemas. */
const MAX_NESTING = 500;

const DRAFTS: ReadonlyMap<string, Draft> = new Map([
  ['http://json-schema.org/draft-04/schema', 4],
  ['http://json-schema.org/draft-06/schema', 6],
  ['http://json-schema.org/draft-07/schema', 7],
]);

export interface SchemaReaderOptions {
  /** Whether `pattern` has to be a pattern; where it is read only for types nobody matches it. */
  readonly checkPatterns: boolean;
}

/** The schema a document holds. */
export function readSchemaDocument(
  ctx: BuiltinContext,
  document: Value,
  options: SchemaReaderOptions,
): SchemaNode | BuiltinFault {
  const draft = draftOf(document);
  if (isFault(draft)) return draft;
  const references = new SchemaReferences(ctx);
  const fault = references.collect(document);
  return fault ?? new SchemaReader(ctx, references, draft, options).read(document);
}

function draftOf(document: Value): Draft | BuiltinFault {
  if (typeof document === 'boolean') return 'hybrid';
  if (!isObject(document)) return builtinError('schema is invalid');
  const name = document.get('$schema');
  if (name === undefined) return 'hybrid';
  if (typeof name !== 'string') return builtinError('$schema must be of type string');
  const reference = readReference(name);
  return isFault(reference) ? reference : (DRAFTS.get(referenceKey(reference)) ?? 'hybrid');
}

class SchemaReader {
  readonly #ctx: BuiltinContext;
  readonly #references: SchemaReferences;
  readonly #draft: Draft;
  readonly #options: SchemaReaderOptions;
  /** By `referenceKey`; a schema stands here before it is read, so that it may name itself. */
  readonly #referred = new Map<string, SchemaNode>();
  #count = 0;
  #nesting = 0;

  constructor(
    ctx: BuiltinContext,
    references: SchemaReferences,
    draft: Draft,
    options: SchemaReaderOptions,
  ) {
    this.#ctx = ctx;
    this.#references = references;
    this.#draft = draft;
    this.#options = options;
  }

  read(value: Value): SchemaNode | BuiltinFault {
    const node = emptySchemaNode();
    return this.#fill(node, value) ?? node;
  }

  #fill(node: SchemaNode, value: Value): BuiltinFault | undefined {
    this.#count += 1;
    if (this.#count > MAX_SUBSCHEMAS)
      return limitError(`schema exceeds the limit of ${MAX_SUBSCHEMAS} subschemas`);
    if (this.#nesting >= MAX_NESTING)
      return limitError(`schema exceeds the limit of ${MAX_NESTING} nested schemas`);
    if (typeof value === 'boolean' && this.#draft !== 4) {
      node.pass = value;
      return undefined;
    }
    if (!isObject(value)) return builtinError('Expected: Valid Schema, given: Invalid JSON');
    this.#nesting += 1;
    const fault = this.#ctx.charge(1) ?? this.#readObject(node, value);
    this.#nesting -= 1;
    return fault;
  }

  #readObject(node: SchemaNode, schema: RegoObject): BuiltinFault | undefined {
    const named = this.#readNames(schema) ?? this.#readDefinitions(schema);
    if (named !== undefined) return named;
    for (const keyword of ['title', 'description']) {
      const text = textMember(schema, keyword);
      if (isFault(text)) return text;
    }
    const target = this.#readTarget(node, schema);
    if (target !== undefined) return target === 'alone' ? undefined : target;
    return (
      readTypes(schema, node) ??
      this.#readProperties(node, schema) ??
      this.#readDependencies(node, schema) ??
      this.#readItems(node, schema) ??
      readNumbers(schema, node, this.#draft) ??
      readSizes(schema, node, 'Length') ??
      this.#readTexts(node, schema) ??
      readSizes(schema, node, 'Properties') ??
      readRequired(schema, node) ??
      readSizes(schema, node, 'Items') ??
      readUnique(schema, node) ??
      this.#readContains(node, schema) ??
      readValues(schema, node, this.#draft) ??
      this.#readLists(node, schema) ??
      this.#readConditions(node, schema)
    );
  }

  #readNames(schema: RegoObject): BuiltinFault | undefined {
    const usesOld = this.#draft === 4 || (this.#draft === 'hybrid' && schema.has('id'));
    const id = textMember(schema, usesOld ? 'id' : '$id');
    if (id === undefined || isFault(id)) return id;
    const reference = readReference(id);
    return isFault(reference) ? reference : undefined;
  }

  #readDefinitions(schema: RegoObject): BuiltinFault | undefined {
    const definitions = schema.get('definitions');
    if (definitions === undefined) return undefined;
    const wrong = invalidType('Array Of Schemas', 'definitions');
    if (!isObject(definitions)) return wrong;
    for (const definition of definitions.values()) {
      const read = isSchema(definition) ? this.read(definition) : wrong;
      if (isFault(read)) return read;
    }
    return undefined;
  }

  /** `alone` where nothing beside the reference is read: at its first mention. */
  #readTarget(node: SchemaNode, schema: RegoObject): BuiltinFault | 'alone' | undefined {
    const source = textMember(schema, '$ref');
    if (source === undefined || isFault(source)) return source;
    const own = readReference(source);
    if (isFault(own)) return own;
    const reference = this.#references.targetOf(schema) ?? own;
    const key = referenceKey(reference);
    const known = this.#referred.get(key);
    if (known !== undefined) {
      node.reference = known;
      return undefined;
    }
    const target = emptySchemaNode();
    this.#referred.set(key, target);
    const found = this.#references.find(reference);
    if (isFault(found)) return found;
    if (!isSchema(found)) return builtinError('Valid Schema must be of type object');
    node.reference = target;
    return this.#fill(target, found) ?? 'alone';
  }

  #readProperties(node: SchemaNode, schema: RegoObject): BuiltinFault | undefined {
    const properties = schema.get('properties');
    if (properties !== undefined) {
      if (!isObject(properties)) return builtinError('Properties must be of type object');
      const read = new Map<string, SchemaNode>();
      for (const [name, value] of properties) {
        const one = this.read(value);
        if (isFault(one)) return one;
        read.set(String(name), one);
      }
      node.properties = read;
    }
    const additional = schema.get('additionalProperties');
    if (additional !== undefined) {
      if (!isSchema(additional)) return invalidType('boolean/Valid Schema', 'additionalProperties');
      const read = typeof additional === 'boolean' ? additional : this.read(additional);
      if (isFault(read)) return read;
      node.additionalProperties = read;
    }
    return this.#readPatternProperties(node, schema) ?? this.#readPropertyNames(node, schema);
  }

  #readPatternProperties(node: SchemaNode, schema: RegoObject): BuiltinFault | undefined {
    const patterns = schema.get('patternProperties');
    if (patterns === undefined) return undefined;
    if (!isObject(patterns)) return invalidType('Valid Schema', 'patternProperties');
    const read: (typeof node.patternProperties)[number][] = [];
    for (const [source, value] of patterns) {
      const pattern = compilePattern(this.#ctx.caches.regexes, String(source));
      if (isFault(pattern)) return builtinError(`Invalid regex pattern '${String(source)}'`);
      const one = this.read(value);
      if (isFault(one)) return one;
      read.push([pattern, one]);
    }
    node.patternProperties = read;
    return undefined;
  }

  #readPropertyNames(node: SchemaNode, schema: RegoObject): BuiltinFault | undefined {
    const names = schema.get('propertyNames');
    if (names === undefined || this.#draft === 4) return undefined;
    if (!isSchema(names)) return invalidType('Valid Schema', 'patternProperties');
    return this.#readInto(node, 'propertyNames', names);
  }

  #readDependencies(node: SchemaNode, schema: RegoObject): BuiltinFault | undefined {
    const dependencies = schema.get('dependencies');
    if (dependencies === undefined) return undefined;
    if (!isObject(dependencies)) return builtinError('dependencies must be of type object');
    const wrong = builtinError('Dependency must be of type Schema Or Array Of Strings');
    const read = new Map<string, SchemaNode | readonly string[]>();
    for (const [name, value] of dependencies) {
      if (isArray(value)) {
        const names = value.filter((one) => typeof one === 'string');
        if (names.length < value.length) return wrong;
        read.set(String(name), names);
      } else {
        const one = isSchema(value) ? this.read(value) : wrong;
        if (isFault(one)) return one;
        read.set(String(name), one);
      }
    }
    node.dependencies = read;
    return undefined;
  }

  #readItems(node: SchemaNode, schema: RegoObject): BuiltinFault | undefined {
    const items = schema.get('items');
    const wrong = invalidType('Valid Schema/Array Of Schemas', 'items');
    if (isArray(items)) {
      if (!items.every(isSchema)) return wrong;
      const read = this.#readAll(items);
      if (isFault(read)) return read;
      node.items = read;
    } else if (items !== undefined) {
      const fault = isSchema(items) ? this.#readInto(node, 'items', items) : wrong;
      if (fault !== undefined) return fault;
    }
    const additional = schema.get('additionalItems');
    if (additional === undefined) return undefined;
    if (!isSchema(additional)) return invalidType('boolean/Valid Schema', 'additionalItems');
    const read = typeof additional === 'boolean' ? additional : this.read(additional);
    if (isFault(read)) return read;
    node.additionalItems = read;
    return undefined;
  }

  #readTexts(node: SchemaNode, schema: RegoObject): BuiltinFault | undefined {
    const source = textMember(schema, 'pattern');
    if (isFault(source)) return source;
    if (source !== undefined && this.#options.checkPatterns) {
      const compiled = compilePattern(this.#ctx.caches.regexes, source);
      if (isFault(compiled)) return builtinError('pattern must be a valid regex');
      node.pattern = { source, compiled };
    }
    const format = textMember(schema, 'format');
    if (isFault(format)) return format;
    node.format = format ?? '';
    return undefined;
  }

  #readContains(node: SchemaNode, schema: RegoObject): BuiltinFault | undefined {
    const contains = schema.get('contains');
    if (contains === undefined || this.#draft === 4) return undefined;
    return this.#readInto(node, 'contains', contains);
  }

  #readLists(node: SchemaNode, schema: RegoObject): BuiltinFault | undefined {
    for (const keyword of ['oneOf', 'anyOf', 'allOf'] as const) {
      const list = listMember(schema, keyword);
      const read = list === undefined || isFault(list) ? list : this.#readAll(list);
      if (isFault(read)) return read;
      node[keyword] = read ?? [];
    }
    return undefined;
  }

  #readConditions(node: SchemaNode, schema: RegoObject): BuiltinFault | undefined {
    const keywords = ['not', 'if', 'then', 'else'] as const;
    const knowsIf = this.#draft === 7 || this.#draft === 'hybrid';
    for (const keyword of knowsIf ? keywords : keywords.slice(0, 1)) {
      const value = schema.get(keyword);
      if (value === undefined) continue;
      if (!isSchema(value)) return builtinError(`${keyword} must be of an object`);
      const fault = this.#readInto(node, keyword, value);
      if (fault !== undefined) return fault;
    }
    return undefined;
  }

  #readAll(values: readonly Value[]): readonly SchemaNode[] | BuiltinFault {
    const read: SchemaNode[] = [];
    for (const value of values) {
      const one = this.read(value);
      if (isFault(one)) return one;
      read.push(one);
    }
    return read;
  }

  #readInto(
    node: SchemaNode,
    keyword: 'items' | 'contains' | 'propertyNames' | 'not' | 'if' | 'then' | 'else',
    value: Value,
  ): BuiltinFault | undefined {
    const read = this.read(value);
    if (isFault(read)) return read;
    node[keyword] = read;
    return undefined;
  }
}

function isSchema(value: Value): boolean {
  return typeof value === 'boolean' || isObject(value);
}
