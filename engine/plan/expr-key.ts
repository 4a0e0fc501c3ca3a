/**
 * One text for expressions that have the same value wherever both are computed: reads, pure calls and what is made of operands. What has
 * a block of its own is never told to be the same, and neither is a builtin of the host, of which nothing is known.
 */
import type { Domain, Expr, Operand } from './ir.ts';
import { operandKey } from './shared-values.ts';

/** Undefined for an expression that has to be computed where it stands. */
export function exprKey(expr: Expr, domain: Domain): string | undefined {
  const parts = partsOf(expr);
  if (parts === undefined) return undefined;
  return `${expr.kind} ${domain} ${parts.name} ${parts.operands.map(operandKey).join(' ')}`;
}

interface Parts {
  readonly name: string;
  readonly operands: readonly Operand[];
}

function partsOf(expr: Expr): Parts | undefined {
  switch (expr.kind) {
    case 'operand':
      return undefined;
    case 'input':
    case 'base':
      return { name: `${expr.world} ${JSON.stringify(expr.names)}`, operands: [] };
    case 'member':
    case 'entry':
      return { name: '', operands: [expr.of, expr.key] };
    case 'item':
      return { name: String(expr.index), operands: [expr.of] };
    case 'rule':
      return { name: `${expr.world} ${expr.group}`, operands: [] };
    case 'partial':
      return { name: `${expr.world} ${expr.group}`, operands: expr.keys };
    case 'call': {
      const { callee, world, args } = expr;
      if (!expr.pure) return undefined;
      const name = callee.kind === 'builtin' ? callee.name : String(callee.group);
      return { name: `${world} ${callee.kind} ${name}`, operands: args };
    }
    case 'array':
    case 'set':
      return { name: '', operands: expr.items };
    case 'object':
      return { name: '', operands: expr.flat };
    case 'compare':
      return { name: expr.operator, operands: [expr.left, expr.right] };
    case 'membership':
      return { name: '', operands: expr.args };
    case 'root':
    case 'child':
    case 'document':
    case 'comprehension':
    case 'template':
      return undefined;
  }
}
