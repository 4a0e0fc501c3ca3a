/** Bodies in lowered form: one statement after the other, with the declarations they make. */
import type { Body, Every, Literal, Logical, Not, Term } from '../ast/nodes.ts';
import type { RuleContext, StepSink } from './context.ts';
import { collectVars, declaredDirectly, isCallOf } from './declared.ts';
import { lowerAssign, lowerSomeIn, reportDocumentName } from './lower-assign.ts';
import { lowerCallStatement } from './lower-call.ts';
import { pushEq, statement } from './lower-step.ts';
import { lowerWith } from './lower-with.ts';
import type { LogicalOperand, LoweredVar, LoweredWith, Step } from './lowered.ts';
import { reportRedeclared } from './redeclared.ts';
import { namedOutsideComprehensions, stepVars } from './vars.ts';

/** OPA writes names like this into policies it prints; nobody is told that they are unused. */
const MACHINE_PREFIX = '__local';

/** Lowers a body in the scope that is open; `usedBy` are the head terms whose names count as uses. */
export function lowerBody(ctx: RuleContext, body: Body, usedBy: readonly Term[]): Step[] {
  const steps: Step[] = [];
  for (const literal of body.literals) lowerLiteral(ctx, literal, steps);
  reportUnused(ctx, body, steps, usedBy);
  return steps;
}

function lowerLiteral(ctx: RuleContext, literal: Literal, steps: Step[]): void {
  const { expr } = literal;
  if (expr.kind === 'SomeDecl') {
    for (const name of expr.names) declareSome(ctx, name.name, name.span);
    return;
  }
  const modifiers: LoweredWith[] = [];
  const before: StepSink = { steps, with: [], origin: literal };
  if (expr.kind === 'SomeIn') {
    lowerSomeIn(ctx, expr, before, () => literal.with.map((node) => lowerWith(ctx, node, before)));
    return;
  }
  const addModifiers = (): void => {
    for (const node of literal.with) modifiers.push(lowerWith(ctx, node, before));
  };
  const sink: StepSink = { steps, with: modifiers, origin: literal };
  if (expr.kind === 'Every') {
    lowerEvery(ctx, expr, sink, addModifiers);
    return;
  }
  addModifiers();
  switch (expr.kind) {
    case 'TermExpr':
      lowerTermStatement(ctx, expr.term, sink, false);
      return;
    case 'Assign':
      lowerAssign(ctx, expr.target, expr.value, expr.span, sink);
      return;
    case 'Unify':
      lowerUnify(ctx, expr.left, expr.right, expr.span, sink, false);
      return;
    case 'Not':
      lowerNot(ctx, expr, sink);
      return;
    case 'Logical':
      lowerLogical(ctx, expr, sink);
      return;
  }
}

function declareSome(ctx: RuleContext, name: string, span: Literal['span']): void {
  if (reportDocumentName(ctx, name, span)) return;
  const made = ctx.scopes.declare(name, 'declared');
  if (typeof made !== 'string') reportRedeclared(ctx, name, made.occurrence, span);
}

function lowerTermStatement(ctx: RuleContext, term: Term, sink: StepSink, negated: boolean): void {
  const mark = (step: Step): Step => (negated ? { ...step, negated: true } : step);
  if (term.kind === 'Call' && (isCallOf(term, 'eq') || isCallOf(term, 'assign'))) {
    const [left, right] = term.args;
    if (left && right) {
      if (isCallOf(term, 'eq')) lowerUnify(ctx, left, right, term.span, sink, negated);
      else if (negated) reportNegatedAssign(ctx, term.span);
      else lowerAssign(ctx, left, right, term.span, sink);
      return;
    }
  }
  if (term.kind === 'Call' || term.kind === 'Infix' || term.kind === 'Membership') {
    const step = mark(lowerCallStatement(ctx, term, sink));
    if (step.form.kind === 'call' && step.form.shape.kind === 'print') ctx.embeds = true;
    sink.steps.push(step);
    return;
  }
  const lowered = ctx.lower.term(ctx, term, sink);
  sink.steps.push(mark(statement({ kind: 'term', term: lowered }, sink, term.span)));
}

function lowerUnify(
  ctx: RuleContext,
  left: Term,
  right: Term,
  span: Literal['span'],
  sink: StepSink,
  negated: boolean,
): void {
  const form = {
    kind: 'eq' as const,
    left: ctx.lower.term(ctx, left, sink),
    right: ctx.lower.term(ctx, right, sink),
    assign: false,
    some: undefined,
  };
  sink.steps.push({ ...statement(form, sink, span), negated });
}

/** The modifiers of `every` see its own variables, as in OPA, where they cannot have a value. */
function lowerEvery(ctx: RuleContext, node: Every, sink: StepSink, addModifiers: () => void): void {
  const names = new Set<string>();
  if (node.key) collectVars(node.key, names);
  collectVars(node.value, names);
  ctx.hidden.push(names);
  const domain = pushEq(ctx, ctx.lower.term(ctx, node.domain, sink), sink);
  ctx.scopes.push(declaredDirectly(node.body));
  const key = node.key ? everyVar(ctx, node.key) : undefined;
  const value = everyVar(ctx, node.value);
  addModifiers();
  const body = ctx.lower.body(ctx, node.body, []);
  ctx.hidden.pop();
  ctx.scopes.pop();
  sink.steps.push(statement({ kind: 'every', key, value, domain, body }, sink, node.span));
}

function everyVar(ctx: RuleContext, term: Term): LoweredVar {
  const { span } = term;
  if (term.kind !== 'Var') {
    ctx.fault('check/every-pattern', span, 'only a variable can stand before `in` of `every`', {
      help: 'take the value apart with `:=` inside the braces',
    });
    return { kind: 'var', span, name: ctx.names.fresh() };
  }
  if (term.name === '_') return { kind: 'var', span, name: ctx.names.unique('_') };
  if (reportDocumentName(ctx, term.name, span))
    return { kind: 'var', span, name: ctx.names.fresh() };
  const made = ctx.scopes.declare(term.name, 'declared');
  if (typeof made === 'string') return { kind: 'var', span, name: made };
  reportRedeclared(ctx, term.name, made.occurrence, span);
  return { kind: 'var', span, name: ctx.names.fresh() };
}

function lowerNot(ctx: RuleContext, node: Not, sink: StepSink): void {
  if (node.braces || ctx.notBodies) {
    const body = node.braces
      ? lowerScopedBody(ctx, node.body, declaredDirectly(node.body))
      : lowerImplicitBody(ctx, node.body);
    sink.steps.push(statement({ kind: 'not', braces: node.braces, body }, sink, node.span));
    return;
  }
  const [inner] = node.body.literals;
  if (!inner) return;
  const inherited = inner.with.map((modifier) =>
    lowerWith(ctx, modifier, { steps: sink.steps, with: [], origin: sink.origin }),
  );
  const own: StepSink = { ...sink, with: [...sink.with, ...inherited] };
  if (inner.expr.kind === 'Unify') {
    lowerUnify(ctx, inner.expr.left, inner.expr.right, inner.expr.span, own, true);
  } else if (inner.expr.kind === 'TermExpr') {
    lowerTermStatement(ctx, inner.expr.term, own, true);
  } else if (inner.expr.kind === 'Assign') {
    reportNegatedAssign(ctx, inner.expr.span);
  } else {
    ctx.fault('check/negated-statement', inner.expr.span, 'this statement cannot be negated', {
      help: 'put it into a rule or a comprehension and negate that',
    });
  }
}

function reportNegatedAssign(ctx: RuleContext, span: Literal['span']): void {
  ctx.fault('check/assign-in-operand', span, 'a negated statement cannot assign a variable', {
    help: 'compare with `==`, or assign before the negation',
  });
}

function lowerScopedBody(ctx: RuleContext, body: Body, later?: ReadonlySet<string>): Step[] {
  ctx.scopes.push(later);
  const steps = ctx.lower.body(ctx, body, []);
  ctx.scopes.pop();
  return steps;
}

/** An operand without braces: it opens no scope and may not assign. */
function lowerImplicitBody(ctx: RuleContext, body: Body): Step[] {
  const steps: Step[] = [];
  for (const literal of body.literals) {
    if (literal.expr.kind === 'Assign') {
      ctx.fault(
        'check/assign-in-operand',
        literal.expr.span,
        'an operand without braces cannot assign a variable',
        {
          help: 'put the operand into braces, or assign before it',
        },
      );
    } else {
      lowerLiteral(ctx, literal, steps);
    }
  }
  return steps;
}

function lowerLogical(ctx: RuleContext, node: Logical, sink: StepSink): void {
  const left = lowerOperand(ctx, node.left);
  const right = lowerOperand(ctx, node.right);
  // OPA goes over both sides once more, in the scope around them: what they name and do not declare cannot be declared after them.
  for (const name of namedOutsideComprehensions([...left.body, ...right.body]))
    ctx.scopes.useInside(name);
  sink.steps.push(
    statement({ kind: 'logical', operator: node.operator, left, right }, sink, node.span),
  );
}

function lowerOperand(ctx: RuleContext, body: Body): LogicalOperand {
  const braces = ctx.source.text[body.span.start] === '{';
  return {
    span: body.span,
    braces,
    body: braces ? lowerScopedBody(ctx, body) : lowerImplicitBody(ctx, body),
  };
}

function reportUnused(
  ctx: RuleContext,
  body: Body,
  steps: readonly Step[],
  usedBy: readonly Term[],
): void {
  const declared = ctx.scopes.declaredHere();
  if (declared.length === 0) return;
  const used = new Set<string>();
  for (const step of steps) stepVars(step, 'everywhere', used);
  const heads = new Set<string>();
  for (const term of usedBy) collectVars(term, heads);
  for (const [name, unique] of declared) {
    if (used.has(unique) || heads.has(name) || name.startsWith(MACHINE_PREFIX)) continue;
    const place = body.literals.find((literal) => declares(literal, name)) ?? body;
    ctx.fault('check/unused-var', place.span, `\`${name}\` is declared but never used`, {
      help: 'remove the declaration',
    });
  }
}

function declares(literal: Literal, name: string): boolean {
  return literal.expr.kind === 'SomeDecl' && literal.expr.names.some((node) => node.name === name);
}
