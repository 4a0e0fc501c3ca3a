/** Plans calls: of builtins, relations and the policy's own functions, with and without an output argument, and `print`. */
import type { Call, Term } from '../../lang/ast/nodes.ts';
import type { Callee } from '../../lang/check/checked.ts';
import { nodeAt } from '../interpret/rule-tree.ts';
import type { CallExpr, Domain, Operand, PlannedCallee } from './ir.ts';
import {
  addFail,
  addTest,
  addYield,
  hasUnbound,
  letRegister,
  newRegister,
  type Planner,
  planBlock,
  siteOf,
} from './planner.ts';

const NULL: Operand = { kind: 'constant', value: null };

/** See `PlannerParts.call`. */
export function planCall(p: Planner, term: Call, args: readonly Operand[]): Operand {
  const callee = calleeOf(p, term);
  const [first = NULL, second = NULL] = args;
  const name = callee.kind === 'builtin' ? callee.name : callee.path.join('\0');
  const mockable =
    p.context.isMocked(name) || (callee.kind === 'function' && p.context.isOverlaid(callee.path));
  if (callee.kind === 'builtin' && !mockable) {
    if (isMembership(callee.name)) {
      return letRegister(p, { kind: 'membership', args }, 'value');
    }
    if (isUnification(callee)) {
      const compare = { kind: 'compare', operator: '==', left: first, right: second } as const;
      return letRegister(p, compare, 'value');
    }
  }
  const planned = plannedCallee(p, callee);
  if (planned === undefined) {
    addFail(p);
    return NULL;
  }
  const call: CallExpr = {
    kind: 'call',
    world: p.world,
    callee: planned,
    args,
    site: siteOf(p, term),
    mockable,
    pure: isPure(p, callee, mockable),
  };
  if (callee.kind === 'builtin' && p.context.isRelation(callee.name)) {
    const value = newRegister(p, 'value');
    p.steps.push({ kind: 'results', call, value, at: p.at });
    return value;
  }
  return letRegister(p, call, resultDomain(p, planned, mockable));
}

/** See `CallExpr.pure`. */
export function isPure(p: Planner, callee: PlannedCallee | Callee, mockable: boolean): boolean {
  return !mockable && !(callee.kind === 'builtin' && p.context.isOfHost(callee.name));
}

function resultDomain(p: Planner, callee: PlannedCallee, mockable: boolean): Domain {
  if (mockable) return 'any';
  return callee.kind === 'function' ? p.context.domainOf(callee.group) : 'value';
}

function isMembership(name: string): boolean {
  return name === 'internal.member_2' || name === 'internal.member_3';
}

function plannedCallee(p: Planner, callee: Callee): PlannedCallee | undefined {
  if (callee.kind === 'builtin') return callee;
  const node = nodeAt(p.context.tree, callee.path);
  if (node === undefined) return undefined;
  return { kind: 'function', path: callee.path, group: p.context.groupOf(node) };
}

function calleeOf(p: Planner, term: Call): Callee {
  const callee = p.context.calleeOf(term);
  if (callee === undefined) throw new Error('a call was not resolved');
  return callee;
}

function isUnification(callee: Callee): boolean {
  return callee.kind === 'builtin' && (callee.name === 'eq' || callee.name === 'assign');
}

/** Plans a call that is an expression of its own; false for one that is a term like any other. */
export function planSpecialCall(p: Planner, term: Call): boolean {
  const callee = calleeOf(p, term);
  if (callee.kind === 'builtin' && callee.name === 'print') {
    planPrint(p, term);
    return true;
  }
  const [first, second] = term.args;
  if (isUnification(callee) && first !== undefined && second !== undefined) {
    p.parts.unify(p, first, second);
    return true;
  }
  const arity = p.context.arityOf(callee) ?? term.args.length;
  const output = term.args.length > arity ? term.args.at(-1) : undefined;
  if (output === undefined) return false;
  const args = p.parts.list(p, term.args.slice(0, -1));
  p.parts.match(p, output, planCall(p, term, args));
  return true;
}

function planPrint(p: Planner, term: Call): void {
  const args = term.args.map((arg: Term) =>
    planBlock(p, (inner) => {
      if (hasUnbound(p, arg)) addFail(inner);
      else addYield(inner, [inner.parts.term(inner, arg)]);
    }),
  );
  p.steps.push({ kind: 'print', args, at: p.at });
}

/** Plans the truth of a term: neither undefined nor false. */
export function planHolds(p: Planner, operand: Operand): void {
  addTest(p, { kind: 'holds', operand });
}
