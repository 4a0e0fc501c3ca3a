/** A JSON Schema as it was read: what every keyword says, checked once, so that validation asks nothing twice. Draft 4 to 7. */
import type { RegoNumber } from '../value/value.ts';
import type { LinearPattern } from './pattern.ts';

/** The draft a document names; documents that name none mix the rules of all. */
export type Draft = 4 | 6 | 7 | 'hybrid';

/** One schema. Members that are absent say nothing. Filled by schema-reader.ts, and left alone after. */
export interface SchemaNode {
  /** Of the schemas `true` and `false`. */
  pass?: boolean;
  /** What `$ref` names: it alone counts then. */
  reference?: SchemaNode;
  types: readonly string[];
  properties: ReadonlyMap<string, SchemaNode>;
  patternProperties: readonly (readonly [LinearPattern, SchemaNode])[];
  dependencies: ReadonlyMap<string, SchemaNode | readonly string[]>;
  additionalProperties?: SchemaNode | boolean;
  propertyNames?: SchemaNode;
  items?: SchemaNode | readonly SchemaNode[];
  additionalItems?: SchemaNode | boolean;
  contains?: SchemaNode;
  multipleOf?: RegoNumber;
  minimum?: RegoNumber;
  exclusiveMinimum?: RegoNumber;
  maximum?: RegoNumber;
  exclusiveMaximum?: RegoNumber;
  minLength?: number;
  maxLength?: number;
  pattern?: { readonly source: string; readonly compiled: LinearPattern };
  format: string;
  minProperties?: number;
  maxProperties?: number;
  required: readonly string[];
  minItems?: number;
  maxItems?: number;
  uniqueItems: boolean;
  /** Values as `settledText` writes them. */
  const?: string;
  enum?: readonly string[];
  oneOf: readonly SchemaNode[];
  anyOf: readonly SchemaNode[];
  allOf: readonly SchemaNode[];
  not?: SchemaNode;
  if?: SchemaNode;
  then?: SchemaNode;
  else?: SchemaNode;
}

/** A schema that accepts everything. */
export function emptySchemaNode(): SchemaNode {
  return {
    types: [],
    properties: new Map(),
    patternProperties: [],
    dependencies: new Map(),
    format: '',
    required: [],
    uniqueItems: false,
    oneOf: [],
    anyOf: [],
    allOf: [],
  };
}
