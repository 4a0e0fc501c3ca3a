/**
 * METADATA `schemas`: what blocks above a rule say of the documents it reads. The widest scope comes first and narrower ones override it;
 * a schema below a document that is typed already replaces that part of it
 * (https://www.openpolicyagent.org/docs/policy-language#schema-annotations).
 */
import type { Rule } from '../ast/nodes.ts';
import type { Annotation, AnnotationSet, SchemaAnnotation } from '../check/annotation.ts';
import type { CheckOptions } from '../check/options.ts';
import type { Report } from '../check/report.ts';
import { suggest } from '../suggest.ts';
import type { TypeEnvironment } from './environment.ts';
import { type JsonSchema, typeFromSchema } from './schema.ts';
import { findUnusable } from './schema-faults.ts';
import {
  ANYTHING,
  objectType,
  type Property,
  type StaticKey,
  stringKey,
  type Type,
} from './type.ts';
import { TypeTree } from './type-tree.ts';

/** A document and what a schema says of it. */
export interface DocumentType {
  /** `input` or `data` first. */
  readonly path: readonly string[];
  readonly type: Type;
}

/** The documents that METADATA blocks describe for a branch of a rule, widest scope first. A block of scope `rule` is not for an `else`. */
export type SchemasOfRule = (rule: Rule, isElse: boolean) => readonly DocumentType[];

/** Reads the schemas of all blocks once; a schema that nobody registered is reported where schemas are registered at all. */
export function readAnnotatedSchemas(
  annotations: AnnotationSet,
  options: CheckOptions,
  report: Report,
): SchemasOfRule {
  const read = new Map<Annotation, readonly DocumentType[]>();
  for (const annotation of annotations.all) {
    const types = annotation.schemas.flatMap((schema) => {
      const type = typeOf(annotation, schema, options, report);
      return type === undefined ? [] : [{ path: schema.path, type }];
    });
    if (types.length > 0) read.set(annotation, types);
  }
  if (read.size === 0) return () => [];
  return (rule, isElse) =>
    annotations
      .chain(rule)
      .toReversed()
      .flatMap(({ annotation }) => {
        const counts = annotation !== undefined && !(isElse && annotation.scope === 'rule');
        return (counts && read.get(annotation)) || [];
      });
}

function typeOf(
  annotation: Annotation,
  { path, reference, definition }: SchemaAnnotation,
  options: CheckOptions,
  report: Report,
): Type | undefined {
  const tell = (message: string, help?: string): undefined => {
    const { source, span } = annotation;
    report.error('check/metadata', source, span, message, help === undefined ? {} : { help });
  };
  if (reference !== undefined && options.schemas === undefined) return undefined;
  const library = options.schemas ?? new Map<string, JsonSchema>();
  const name = reference?.join('.');
  const schema = name === undefined ? (definition as JsonSchema) : library.get(name);
  if (schema === undefined) {
    const close = suggest(name ?? '', library.keys());
    return tell(`there is no schema \`${name}\``, close && `did you mean \`${close}\`?`);
  }
  const fault = options.schemaFault?.(schema) ?? findUnusable(schema, library);
  if (fault === undefined) return typeFromSchema(schema, library, 'opa');
  return tell(`the schema of \`${path.join('.')}\` cannot be used: ${fault}`);
}

/** The layer in which a rule's body sees the described documents; `below` itself where nothing is described. */
export function describeDocuments(
  below: TypeEnvironment,
  documents: readonly DocumentType[],
): TypeEnvironment {
  if (documents.length === 0) return below;
  const tree = new TypeTree();
  const layer = below.wrapWith(tree);
  for (const { path, type } of documents) {
    const keys = path.map(stringKey);
    const [root, ...steps] = keys;
    if (root === undefined) continue;
    if (path[0] === 'input')
      tree.put([root], replacePart(typeOfDocument(layer, 'input'), steps, type));
    else tree.put(keys, type);
  }
  return layer;
}

function typeOfDocument(environment: TypeEnvironment, name: string): Type | undefined {
  const span = { start: 0, end: 0 };
  return environment.typeOfRef({ kind: 'ref', span, head: { kind: 'var', span, name }, path: [] });
}

/** `type` with another part at `steps`. What is no object becomes one that may hold anything else beside that part. */
function replacePart(type: Type | undefined, steps: readonly StaticKey[], part: Type): Type {
  const [key, ...rest] = steps;
  if (key === undefined) return part;
  const object =
    type?.kind === 'object' ? type : objectType([], { key: ANYTHING, value: ANYTHING });
  const known = object.properties.get(key.text);
  const own: Property = { key, type: replacePart(known?.type, rest, part) };
  return objectType([...object.properties.values(), own], object.dynamic);
}
