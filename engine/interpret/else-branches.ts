/**
 * A definition with `else` branches as definitions without: each branch for itself, where none before it holds. For documents that several
 * definitions make together, which look at each alone.
 */
import type { Body, Literal, Term } from '../../lang/ast/nodes.ts';
import type { CheckedRule } from '../../lang/check/checked.ts';
import type { Span } from '../../lang/source.ts';

/** A name that no policy can write, for a value that has to be there and is not used. */
const UNUSED = '$else';

interface Branch {
  readonly body: Body | undefined;
  readonly value: Term | undefined;
}

/** The definition itself where it has no `else`. What stands behind a branch without a condition is left out. */
export function branchesApart(checked: CheckedRule): readonly CheckedRule[] {
  const { rule } = checked;
  if (rule.else.length === 0) return [checked];
  const first: Branch = { body: rule.body, value: rule.head.value };
  const before: Literal[] = [];
  return [first, ...rule.else].map(({ body, value }) => {
    const { span } = rule;
    const literals = [...before, ...(body?.literals ?? [])];
    before.push(without({ body, value }, span));
    const head = { ...rule.head, value };
    const whole = literals.length === 0 ? undefined : { kind: 'Body' as const, span, literals };
    return { ...checked, rule: { ...rule, head, body: whole, else: [] } };
  });
}

/** `not { body; $else = value }`: a branch whose value is undefined does not hold either. */
function without({ body, value }: Branch, span: Span): Literal {
  const literals = [...(body?.literals ?? [])];
  if (value !== undefined) {
    const left: Term = { kind: 'Var', span, name: UNUSED };
    literals.push(literal({ kind: 'Unify', span, left, right: value }, span));
  }
  if (literals.length === 0)
    literals.push(
      literal({ kind: 'TermExpr', span, term: { kind: 'Boolean', span, value: true } }, span),
    );
  const inner: Body = { kind: 'Body', span, literals };
  return literal({ kind: 'Not', span, braces: true, body: inner }, span);
}

function literal(expr: Literal['expr'], span: Span): Literal {
  return { kind: 'Literal', span, expr, with: [] };
}
