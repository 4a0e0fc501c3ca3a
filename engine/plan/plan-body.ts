/** Plans bodies: literals one after the other, each in the world its `with` modifiers make. */
import type { Body, Every, Expr, Literal, SomeIn } from '../../lang/ast/nodes.ts';
import { planHolds, planSpecialCall } from './plan-call.ts';
import { isPlainComparison } from './plan-term.ts';
import {
  addMark,
  addTest,
  addYield,
  domainOfOperand,
  newRegister,
  type Planner,
  planBlock,
} from './planner.ts';

/** See `PlannerParts.body`. No body is a body that holds. */
export function planBody(p: Planner, body: Body | undefined): void {
  const literals = body?.literals ?? [];
  for (const [at, literal] of literals.entries()) {
    addMark(p, at);
    p.parts.literal(p, literal);
  }
  addMark(p, literals.length);
}

/** See `PlannerParts.literal`. */
export function planLiteral(p: Planner, literal: Literal): void {
  const { world } = p;
  p.at = literal.span;
  p.parts.overlay(p, literal.with);
  p.parts.expr(p, literal.expr);
  p.world = world;
}

/** See `PlannerParts.expr`. */
export function planExpr(p: Planner, expr: Expr): void {
  switch (expr.kind) {
    case 'TermExpr':
      planTermExpr(p, expr);
      return;
    case 'Assign':
      p.parts.unify(p, expr.target, expr.value);
      return;
    case 'Unify':
      p.parts.unify(p, expr.left, expr.right);
      return;
    case 'SomeIn':
      planSome(p, expr);
      return;
    case 'Every':
      planEvery(p, expr);
      return;
    case 'Not':
      addTest(p, { kind: 'not', block: holding(p, expr.body) });
      return;
    case 'Logical': {
      const [left, right] = [holding(p, expr.left), holding(p, expr.right)];
      addTest(p, { kind: 'logical', operator: expr.operator, left, right });
      return;
    }
    case 'SomeDecl':
      return;
  }
}

function holding(p: Planner, body: Body) {
  return planBlock(p, (inner) => {
    inner.parts.body(inner, body);
    addYield(inner, []);
  });
}

function planTermExpr(p: Planner, expr: Extract<Expr, { kind: 'TermExpr' }>): void {
  const { term } = expr;
  if (term.kind === 'Call' && planSpecialCall(p, term)) return;
  if (isPlainComparison(p, term)) {
    const [left, right] = p.parts.list(p, [term.left, term.right]);
    if (left === undefined || right === undefined) throw new Error('a comparison has two sides');
    addTest(p, { kind: 'compare', operator: term.operator, left, right });
    return;
  }
  if (term.kind === 'Membership') {
    const args = p.parts.list(p, p.context.facts.of(term).operands);
    addTest(p, { kind: 'membership', args });
    return;
  }
  planHolds(p, p.parts.term(p, term));
}

function planSome(p: Planner, expr: SomeIn): void {
  const of = p.parts.term(p, expr.collection);
  const domain = domainOfOperand(of);
  const key = expr.key && newRegister(p, domain, nameOf(expr.key));
  const value = newRegister(p, domain, nameOf(expr.value));
  p.steps.push({ kind: 'scan', of, key, value, at: p.at });
  if (expr.key !== undefined && key !== undefined) p.parts.match(p, expr.key, key);
  p.parts.match(p, expr.value, value);
}

function planEvery(p: Planner, expr: Every): void {
  const domain = p.parts.term(p, expr.domain);
  const kind = domainOfOperand(domain);
  const key = expr.key && newRegister(p, kind, nameOf(expr.key));
  const value = newRegister(p, kind, nameOf(expr.value));
  const block = planBlock(p, (inner) => {
    if (expr.key !== undefined && key !== undefined) inner.parts.match(inner, expr.key, key);
    inner.parts.match(inner, expr.value, value);
    inner.parts.body(inner, expr.body);
    addYield(inner, []);
  });
  addTest(p, { kind: 'every', domain, key, value, block });
}

function nameOf(term: SomeIn['value']): string | undefined {
  return term.kind === 'Var' ? term.name : undefined;
}
