/**
 * The public face of the language's front end: text to syntax tree to checked module set, with diagnostics as values. Usable without
 * files; every name here is part of the public contract. What must start fast imports the files it needs instead: this loads the grammar.
 */
export {
  CHILD_KEYS,
  childrenOf,
  isNode,
  type NodeKind,
  type NodeOfKind,
} from './ast/child-keys.ts';
export { equalNodes } from './ast/equal.ts';
export { nodeAt, pathAt } from './ast/locate.ts';
export type { Module, Node, Rule, Term } from './ast/nodes.ts';
export { type VisitAnswer, type Visitor, visit } from './ast/visit.ts';
export type { Annotation, AnnotationSet, SchemaAnnotation } from './check/annotation.ts';
export { type CheckResult, checkModules } from './check/check.ts';
export type { Callee, CheckedModule, CheckedModuleSet, CheckedRule } from './check/checked.ts';
export type { CheckOptions } from './check/options.ts';
export type { BuiltinSignature, BuiltinTable, BuiltinType } from './check/signatures.ts';
export { DIAGNOSTIC_CODES, type DiagnosticCode } from './codes.ts';
export type { Diagnostic, RelatedPlace, Severity } from './diagnostic.ts';
export {
  type ParsedModule,
  type ParsedQuery,
  type ParsedTerm,
  parseModule,
  parseQuery,
  parseTerm,
} from './parse.ts';
export { type RenderOptions, renderDiagnostic } from './render.ts';
export { type Position, positionAt, type Source, type Span } from './source.ts';
export { suggest } from './suggest.ts';
export { type JsonSchema, typeFromSchema } from './types/schema.ts';
export type { Type } from './types/type.ts';
