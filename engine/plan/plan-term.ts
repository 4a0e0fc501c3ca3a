/** Plans terms: operands first, in the order the language evaluates them, then what is made of them. */
import type { Term } from '../../lang/ast/nodes.ts';
import { OPERATOR_BUILTINS } from '../../lang/check/signatures.ts';
import type { Comparison, Operand } from './ir.ts';
import { isPure } from './plan-call.ts';
import { addFail, letRegister, type Planner, siteOf } from './planner.ts';

const NULL: Operand = { kind: 'constant', value: null };

/** See `PlannerParts.term`. */
export function planTerm(p: Planner, term: Term): Operand {
  const { constant, operands } = p.context.facts.of(term);
  if (constant !== undefined) return { kind: 'constant', value: constant };
  switch (term.kind) {
    case 'Var':
      return planVariable(p, term);
    case 'Ref':
      return p.parts.ref(p, term);
    case 'Array':
    case 'Object':
    case 'Set':
    case 'Infix':
    case 'Membership':
    case 'Call':
      return combine(p, term, p.parts.list(p, operands));
    default:
      return p.parts.closure(p, term);
  }
}

function planVariable(p: Planner, term: Extract<Term, { kind: 'Var' }>): Operand {
  const bound = p.bound.get(term.name);
  if (bound !== undefined) return bound;
  const { span } = term;
  if (term.name === 'input') {
    return letRegister(p, { kind: 'input', world: p.world, names: [] }, 'any');
  }
  if (term.name === 'data') return p.parts.ref(p, { kind: 'Ref', head: term, path: [], span });
  throw new Error(`variable ${term.name} has no value`);
}

/** See `PlannerParts.list`: in order, but a term waits for another that binds what it needs. */
export function planList(p: Planner, terms: readonly Term[]): readonly Operand[] {
  const planned = new Array<Operand>(terms.length).fill(NULL);
  let next = 0;
  for (let term = terms[0]; term !== undefined && isReady(p, term); term = terms[next]) {
    planned[next] = p.parts.term(p, term);
    next += 1;
  }
  const pending = Array.from({ length: terms.length - next }, (_, index) => next + index);
  while (pending.length > 0) {
    const ready = pending.findIndex((index) => isReady(p, terms[index]));
    const [at] = pending.splice(Math.max(ready, 0), 1);
    const term = at === undefined ? undefined : terms[at];
    if (at !== undefined && term !== undefined) planned[at] = p.parts.term(p, term);
  }
  return planned;
}

function isReady(p: Planner, term: Term | undefined): boolean {
  return (
    term === undefined ||
    term.kind === 'String' ||
    p.context.facts.of(term).needed.every((name) => p.bound.has(name))
  );
}

function combine(p: Planner, term: Term, operands: readonly Operand[]): Operand {
  const [left = NULL, right = NULL] = operands;
  switch (term.kind) {
    case 'Array':
      return letRegister(p, { kind: 'array', items: operands }, 'value');
    case 'Set':
      return letRegister(p, { kind: 'set', items: operands }, 'value');
    case 'Object':
      return letRegister(p, { kind: 'object', flat: operands }, 'value');
    case 'Membership':
      return letRegister(p, { kind: 'membership', args: operands }, 'value');
    case 'Infix': {
      const name = OPERATOR_BUILTINS[term.operator];
      if (isComparison(term.operator) && !p.context.isMocked(name)) {
        return letRegister(p, { kind: 'compare', operator: term.operator, left, right }, 'value');
      }
      const callee = { kind: 'builtin', name } as const;
      const mockable = p.context.isMocked(name);
      const site = siteOf(p, term);
      return letRegister(
        p,
        {
          kind: 'call',
          world: p.world,
          callee,
          args: operands,
          site,
          mockable,
          pure: isPure(p, callee, mockable),
        },
        'value',
      );
    }
    case 'Call':
      return p.parts.call(p, term, operands);
    default:
      addFail(p);
      return NULL;
  }
}

/** True for the operators that compare. */
export function isComparison(operator: string): operator is Comparison {
  return ['==', '!=', '<', '<=', '>', '>='].includes(operator);
}

/** True for a comparison that no `with` of the set replaces. */
export function isPlainComparison(
  p: Planner,
  term: Term,
): term is Extract<Term, { kind: 'Infix' }> & { readonly operator: Comparison } {
  return (
    term.kind === 'Infix' &&
    isComparison(term.operator) &&
    !p.context.isMocked(OPERATOR_BUILTINS[term.operator])
  );
}
