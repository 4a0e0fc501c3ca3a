/**
 * Shapes of expressions that several rules look for: comparisons with texts, calls by name, wildcards.
 */
import type { Call, Expr, Infix, Literal, Node, Rule, StringLiteral, Term } from '../ast/nodes.ts';
import { visit } from '../ast/visit.ts';
import { namesOf } from './reach.ts';

export interface TextComparison {
  /** What is compared. */
  readonly term: Term;
  /** The texts it is compared with: one, or the members of a collection it is looked up in. */
  readonly texts: readonly StringLiteral[];
  readonly isNegated: boolean;
}

/** `term == "a"`, `"a" != term`, `term in {"a", "b"}`; undefined for anything else. */
export function comparedTexts(node: Node): TextComparison | undefined {
  if (node.kind === 'Membership') {
    const { collection, value, key } = node;
    if (key !== undefined || (collection.kind !== 'Set' && collection.kind !== 'Array'))
      return undefined;
    const texts = collection.items.filter((item) => item.kind === 'String');
    return texts.length === collection.items.length
      ? { term: value, texts, isNegated: false }
      : undefined;
  }
  if (node.kind !== 'Infix' || (node.operator !== '==' && node.operator !== '!=')) return undefined;
  const [term, text] =
    node.left.kind === 'String' ? [node.right, node.left] : [node.left, node.right];
  if (text.kind !== 'String' || term.kind === 'String') return undefined;
  return { term, texts: [text], isNegated: node.operator === '!=' };
}

/** The dotted name of what is called. */
export function calledName({ operator }: Call): string {
  return namesOf(operator)?.join('.') ?? '';
}

/** The term of a literal that is a bare term without `with`. */
export function bareTerm({ expr, with: modifiers }: Literal): Term | undefined {
  return expr.kind === 'TermExpr' && modifiers.length === 0 ? expr.term : undefined;
}

/** What a negated expression without braces denies. */
export function negatedTerm(expr: Expr): Term | undefined {
  const [literal, ...others] = expr.kind === 'Not' ? expr.body.literals : [];
  return literal !== undefined && others.length === 0 ? bareTerm(literal) : undefined;
}

/** Whether a wildcard stands anywhere in the node, so that it can mean several values. */
export function hasWildcard(node: Node): boolean {
  return !visit(node, { Var: ({ name }) => (name === '_' ? 'stop' : undefined) });
}

/** The literals of a rule's body and of its `else` branches. */
export function literalsOf(rule: Rule): readonly Literal[] {
  return [rule, ...rule.else].flatMap(({ body }) => body?.literals ?? []);
}

/** The rule a node stands in. */
export function ruleAround(ancestors: readonly Node[]): Rule | undefined {
  return ancestors.find((one) => one.kind === 'Rule');
}

/** The operator that says the same with its sides exchanged. */
export function mirrored(operator: Infix['operator']): Infix['operator'] {
  switch (operator) {
    case '<':
      return '>';
    case '<=':
      return '>=';
    case '>':
      return '<';
    case '>=':
      return '<=';
    default:
      return operator;
  }
}
