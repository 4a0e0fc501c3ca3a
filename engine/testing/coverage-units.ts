/** What can be covered in a module: the head of every definition, every `else`, and every statement of a body. */
import type { ElseBranch, Literal, Module, Node, Rule } from '../../lang/ast/nodes.ts';
import { visit } from '../../lang/ast/visit.ts';
import type { Span } from '../../lang/source.ts';

export type CoverageUnit =
  | { readonly kind: 'head'; readonly span: Span; readonly rule: Rule }
  | {
      readonly kind: 'else';
      readonly span: Span;
      readonly rule: Rule;
      readonly branch: number;
    }
  | { readonly kind: 'expression'; readonly span: Span };

/** The units of a module as it was written, in source order. A `some x` alone does nothing and is none. */
export function unitsOf(module: Module): readonly CoverageUnit[] {
  const units: CoverageUnit[] = [];
  for (const rule of module.rules) {
    visit(rule, {
      RuleHead: (head) => {
        units.push({ kind: 'head', span: head.span, rule });
        return undefined;
      },
      ElseBranch: (branch) => {
        const span = elseSpan(branch);
        units.push({ kind: 'else', span, rule, branch: rule.else.indexOf(branch) + 1 });
        return undefined;
      },
      Literal: (literal, ancestors) => {
        if (isStatement(literal, ancestors)) units.push({ kind: 'expression', span: literal.span });
        return undefined;
      },
    });
  }
  return units.toSorted((a, b) => a.span.start - b.span.start);
}

/** What stands behind a `not` without braces is one statement with it. */
function isStatement(literal: Literal, ancestors: readonly Node[]): boolean {
  const [owner, body] = ancestors.slice(-2);
  if (body?.kind !== 'Body' || literal.expr.kind === 'SomeDecl') return false;
  return owner?.kind !== 'Not' || owner.braces;
}

/** `else := value`, without the body. */
function elseSpan({ span, value }: ElseBranch): Span {
  return { start: span.start, end: value?.span.end ?? span.start + 'else'.length };
}

/** The smallest statement a part of it belongs to: what the checker moves out of a statement keeps a place inside it. */
export function unitAround(
  units: readonly CoverageUnit[],
  { span }: Literal,
): CoverageUnit | undefined {
  let found: CoverageUnit | undefined;
  for (const unit of units) {
    if (unit.kind !== 'expression') continue;
    if (unit.span.start > span.start || unit.span.end < span.end) continue;
    if (found === undefined || sizeOf(unit.span) < sizeOf(found.span)) found = unit;
  }
  return found;
}

function sizeOf({ start, end }: Span): number {
  return end - start;
}
