/**
 * Folds `and` / `or` chains into a tree (`and` binds tighter, both group to the left) and tells operands OPA refuses.
 */
import { childrenOf } from '../ast/child-keys.ts';
import type { Body, Expr, Literal, Logical, Node } from '../ast/nodes.ts';
import type { Span } from '../source.ts';
import { NONE } from './build-term.ts';

/** The two operators of `future.keywords`. */
export type LogicalOperator = 'and' | 'or';

/** A body of one literal. */
export function literalBody(expr: Expr): Body {
  const literal: Literal = { kind: 'Literal', span: expr?.span, expr, with: NONE };
  return { kind: 'Body', span: expr?.span, literals: [literal] };
}

/** The literal a chain stands for; `operators[i]` stands between `operands[i]` and `operands[i + 1]`. */
export function foldLogical(
  operands: readonly Body[],
  operators: readonly LogicalOperator[],
): Literal {
  let alternatives: Body | undefined;
  let conjunction: Body | undefined = operands[0];
  for (const [index, operator] of operators.entries()) {
    const operand = operands[index + 1];
    if (conjunction === undefined || operand === undefined) break;
    if (operator === 'and') {
      conjunction = join('and', conjunction, operand);
    } else {
      alternatives =
        alternatives === undefined ? conjunction : join('or', alternatives, conjunction);
      conjunction = operand;
    }
  }
  const whole =
    alternatives === undefined || conjunction === undefined
      ? conjunction
      : join('or', alternatives, conjunction);
  return whole?.literals[0] ?? emptyLiteral(whole?.span ?? { start: 0, end: 0 });
}

/** What stands where faults were reported and nothing could be read. */
function emptyLiteral(span: Span): Literal {
  const expr: Expr = { kind: 'TermExpr', span, term: { kind: 'Null', span } };
  return { kind: 'Literal', span, expr, with: NONE };
}

function join(operator: LogicalOperator, left: Body, right: Body): Body {
  const span = { start: left.span.start, end: right.span.end };
  return literalBody({ kind: 'Logical', span, operator, left, right });
}

/** `{ a | b ... }` without parentheses around the union: also a comprehension. */
export function isUnionBody(body: Body): boolean {
  const expr = body.literals[0]?.expr;
  if (expr?.kind !== 'TermExpr' || expr.term.kind !== 'Infix' || expr.term.operator !== '|')
    return false;
  return expr.term.span.start === expr.term.left.span.start;
}

/** A body of nothing but calls of `print`, which always succeed. */
export function isVoidBody(body: Body): boolean {
  return body.literals.length > 0 && body.literals.every(({ expr }) => isPrint(expr));
}

function isPrint(expr: Expr): boolean {
  if (expr.kind !== 'TermExpr' || expr.term.kind !== 'Call') return false;
  const { head, path } = expr.term.operator;
  return head.kind === 'Var' && head.name === 'print' && path.length === 0;
}

/**
 * `{x | { a; b } or c}` where a literal begins: OPA tries the outer braces as an operand first, and does not recover where the inner
 * ones hold no value.
 * @returns the operand that should not come first
 */
export function leadingOperand(literal: Literal): Body | undefined {
  const { start } = literal.span;
  let node: Node | undefined = literal;
  while (node !== undefined && node.kind !== 'SetComprehension')
    node = childrenOf(node).find((child) => child.span.start === start);
  const expr = node?.body.literals[0]?.expr;
  if (expr?.kind !== 'Logical') return undefined;
  const operand = firstOperand(expr);
  const isBraced = operand.span.start !== operand.literals[0]?.span.start;
  return isBraced && beginsWithTerm(operand) && !isOneValue(operand) ? operand : undefined;
}

/** The operand that comes first in the text. */
function firstOperand(logical: Logical): Body {
  let body = logical.left;
  for (;;) {
    const [first] = body.literals;
    if (first?.expr.kind !== 'Logical' || first.span.start !== body.span.start) return body;
    body = first.expr.left;
  }
}

/** Is what comes first no statement of its own kind, at which OPA gives up reading a value in time? */
function beginsWithTerm(body: Body): boolean {
  let expr = body.literals[0]?.expr;
  while (expr?.kind === 'Logical') expr = expr.left.literals[0]?.expr;
  return expr?.kind === 'TermExpr' || expr?.kind === 'Assign' || expr?.kind === 'Unify';
}

/** Braces that read as a set of one term. */
function isOneValue({ literals }: Body): boolean {
  const [only] = literals;
  return literals.length === 1 && only?.expr.kind === 'TermExpr' && only.with.length === 0;
}
