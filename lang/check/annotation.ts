/** What a METADATA block says, and the chain of them that applies to a rule. */
import type { Rule } from '../ast/nodes.ts';
import type { Source, Span } from '../source.ts';

export type AnnotationScope = 'rule' | 'document' | 'package' | 'subpackages';

export interface SchemaAnnotation {
  /** The document the schema describes, `input` or `data` first. */
  readonly path: readonly string[];
  /** A schema by name, `schema` first; or `definition`, the schema itself. */
  readonly reference: readonly string[] | undefined;
  readonly definition: unknown;
}

export interface Annotation {
  readonly source: Source;
  /** From the `# METADATA` line to the end of the block. */
  readonly span: Span;
  readonly scope: AnnotationScope;
  readonly title: string | undefined;
  readonly description: string | undefined;
  readonly entrypoint: boolean;
  readonly organizations: readonly string[];
  readonly relatedResources: readonly { readonly ref: string; readonly description: string }[];
  readonly authors: readonly { readonly name: string; readonly email: string }[];
  readonly schemas: readonly SchemaAnnotation[];
  readonly custom: Readonly<Record<string, unknown>>;
  readonly labels: Readonly<Record<string, unknown>>;
}

/** One link of a chain: a place below `data`, and what is said there. */
export interface AnnotationLink {
  readonly path: readonly string[];
  readonly annotation: Annotation | undefined;
}

export interface AnnotationSet {
  /** Every block that is attached to something, in order of module and place. */
  readonly all: readonly Annotation[];
  /** Blocks of scope `rule` and `document` that stand before a rule. */
  readonly ofRule: (rule: Rule) => readonly Annotation[];
  /** From the rule outward: rule, document, package, subpackages. The first link is always the rule's. */
  readonly chain: (rule: Rule) => readonly AnnotationLink[];
}

/** The annotation as the document `rego.metadata.rule()` gives. */
export function annotationDocument(annotation: Annotation): Readonly<Record<string, unknown>> {
  const { title, description, organizations, schemas, custom, labels } = annotation;
  const document: Record<string, unknown> = { scope: annotation.scope };
  if (title) document['title'] = title;
  if (annotation.entrypoint) document['entrypoint'] = true;
  if (description) document['description'] = description;
  if (organizations.length > 0) document['organizations'] = organizations;
  if (annotation.relatedResources.length > 0) {
    document['related_resources'] = annotation.relatedResources.map(withoutEmpty);
  }
  if (annotation.authors.length > 0) document['authors'] = annotation.authors.map(withoutEmpty);
  if (schemas.length > 0) document['schemas'] = schemas.map(schemaDocument);
  if (Object.keys(custom).length > 0) document['custom'] = custom;
  if (Object.keys(labels).length > 0) document['labels'] = labels;
  return document;
}

function schemaDocument(schema: SchemaAnnotation): Readonly<Record<string, unknown>> {
  if (schema.reference) return { path: schema.path, schema: schema.reference };
  return { path: schema.path, definition: schema.definition };
}

function withoutEmpty(fields: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== ''));
}
