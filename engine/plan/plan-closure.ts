/** Plans terms with a body of their own: comprehensions and template strings. They read what is bound around them and bind none. */
import type { TemplateString, Term } from '../../lang/ast/nodes.ts';
import type { Operand } from './ir.ts';
import { addYield, letRegister, type Planner, planBlock, siteOf } from './planner.ts';

/** See `PlannerParts.closure`. */
export function planClosure(p: Planner, term: Term): Operand {
  const site = siteOf(p, term);
  switch (term.kind) {
    case 'ArrayComprehension':
    case 'SetComprehension': {
      const form = term.kind === 'ArrayComprehension' ? 'array' : 'set';
      const block = planBlock(p, (inner) => {
        inner.parts.body(inner, term.body);
        addYield(inner, [inner.parts.term(inner, term.term)]);
      });
      return letRegister(p, { kind: 'comprehension', form, block, site }, 'value');
    }
    case 'ObjectComprehension': {
      const block = planBlock(p, (inner) => {
        inner.parts.body(inner, term.body);
        addYield(inner, inner.parts.list(inner, [term.key, term.value]));
      });
      return letRegister(p, { kind: 'comprehension', form: 'object', block, site }, 'value');
    }
    case 'TemplateString':
      return planTemplate(p, term);
    default:
      throw new Error(`a ${term.kind} is no closure`);
  }
}

function planTemplate(p: Planner, term: TemplateString): Operand {
  const parts = term.parts.map((part) => {
    if (part.kind === 'String') return part.value;
    const { literal } = part;
    return planBlock(p, (inner) => {
      const { expr } = literal;
      if (expr.kind !== 'TermExpr') throw new Error('a template holds no term');
      const { world } = inner;
      inner.parts.overlay(inner, literal.with);
      const value = inner.parts.term(inner, expr.term);
      inner.world = world;
      addYield(inner, [value]);
    });
  });
  return letRegister(p, { kind: 'template', parts, site: siteOf(p, term) }, 'value');
}
