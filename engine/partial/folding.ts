/** What the parts of folding share while they work on one rule. Each part knows only this interface. */
import type { Body, Call, Literal, Node, Term } from '../../lang/ast/nodes.ts';
import type { Callee, CheckedRule } from '../../lang/check/checked.ts';
import type { Span } from '../../lang/source.ts';
import type { Value } from '../value/value.ts';
import type { BindingTimes } from './binding-times.ts';
import type { KnownEvaluator } from './known-evaluator.ts';
import type { Raising } from './raising.ts';

export interface Folding {
  readonly times: BindingTimes;
  readonly raising: Raising;
  readonly evaluator: KnownEvaluator;
  readonly rule: CheckedRule;
  /** What is called by the calls of the set, and by those made anew. */
  readonly calleeOf: (call: Call) => Callee | undefined;
  readonly noteCallee: (call: Call, callee: Callee) => void;
  /** Variables with one known value. */
  readonly values: ReadonlyMap<string, Value>;
  /** Variables whose values are not known. */
  readonly unknown: ReadonlySet<string>;
  readonly foldBody: FoldBody;
}

/** What is evaluated with the variables of a body. */
export interface AfterBody {
  /** Known values are put into these. */
  readonly terms: readonly Term[];
  /** These stay as they are. */
  readonly fixed: readonly Node[];
}

/** What is left of a body. */
export interface FoldedBody {
  readonly literals: readonly Literal[];
  readonly terms: readonly Term[];
  /** `dead`: it has no solution. `bare`: nor is there anything that must be evaluated nevertheless. */
  readonly state: 'open' | 'dead' | 'bare';
}

/**
 * Folds a body. Where `countsSolutions` is false it matters only whether there is a solution with the same values of the variables
 * that are used.
 */
export type FoldBody = (
  outer: Folding,
  literals: readonly Literal[],
  after: AfterBody,
  countsSolutions: boolean,
) => FoldedBody;

/** A literal that is true or false as it stands. */
export function booleanLiteral(value: boolean, span: Span): Literal {
  const term: Term = { kind: 'Boolean', value, span };
  return { kind: 'Literal', expr: { kind: 'TermExpr', term, span }, with: [], span };
}

/** A body of a closure, which is never empty. */
export function bodyOf(literals: readonly Literal[], { span }: Body): Body {
  const all = literals.length === 0 ? [booleanLiteral(true, span)] : literals;
  return { kind: 'Body', literals: all, span };
}
