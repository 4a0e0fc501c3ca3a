/**
 * What `lang` offers to the other layers, by hand. The grammar is behind `parse.ts`, which is not exported here on purpose:
 * loading it costs start-up time, so who parses imports it dynamically (`await import('./lang/parse.ts')`).
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
export { DIAGNOSTIC_CODES, type DiagnosticCode } from './codes.ts';
export type { Diagnostic, RelatedPlace, Severity } from './diagnostic.ts';
export { type RenderOptions, renderDiagnostic } from './render.ts';
export { type Position, positionAt, type Source, type Span } from './source.ts';
export { suggest } from './suggest.ts';
