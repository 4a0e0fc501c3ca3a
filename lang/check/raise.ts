/**
 * From ordered steps back to syntax. A step that only fills a variable for the statement right after it goes back into that
 * statement; where ordering moved them apart, where it can yield several values, or where OPA keeps it out of a negation, it
 * stays a statement `$n := value` of its own.
 */
import type { Body, Expr, Literal, Term, With } from '../ast/nodes.ts';
import type { Span } from '../source.ts';
import type { LoweredTerm, LoweredVar, LoweredWith, Step } from './lowered.ts';
import { hoistNegated } from './negation.ts';
import type { Inlined, RaiseContext } from './raise-term.ts';
import { raiseCall, raiseTerm, raiseVar } from './raise-term.ts';
import type { Waiting } from './taken-back.ts';
import { canConflict, isOutOfOrder, stepTerms } from './taken-back.ts';

/** What raising needs besides itself. */
export type RaiseOptions = Omit<RaiseContext, 'body' | 'piece'>;

/** A context for raising. */
export function makeRaiseContext(options: RaiseOptions): RaiseContext {
  return { ...options, body: raiseBody, piece: raisePiece };
}

/** Raises a body; the terms of `heads` take back the steps that only fill their variables. */
export function raiseBody(
  ctx: RaiseContext,
  steps: readonly Step[],
  heads: readonly LoweredTerm[],
  span: Span,
): { readonly body: Body; readonly heads: readonly Term[] } {
  const literals: Literal[] = [];
  const waiting = new Map<string, Waiting>();
  const take = taker(waiting);
  const flush = (): void => {
    for (const [name, entry] of waiting)
      literals.push(assignment(ctx, entry.step, name, entry.term));
    waiting.clear();
  };
  for (const step of hoistNegated(steps, ctx.names, ctx.equalUnifies)) {
    if (waiting.size > 0 && isOutOfOrder(stepTerms(step), waiting)) flush();
    if (step.generated !== undefined && isSingle(ctx, step)) {
      const conflicts = canConflict(step, waiting, ctx.mocked);
      const term = generatedValue(ctx, step, take);
      waiting.set(step.generated, { step, term, conflicts });
      continue;
    }
    if (step.negated || step.form.kind === 'not') flush();
    const raised = raiseStep(ctx, step, take);
    flush();
    literals.push(raised);
  }
  if (waiting.size > 0 && isOutOfOrder(heads, waiting)) flush();
  const raisedHeads = heads.map((head) => raiseTerm(ctx, head, take));
  flush();
  // A copy has no room to grow, of which a list that was pushed together has more than it holds.
  return { body: { kind: 'Body', span, literals: literals.slice() }, heads: raisedHeads };
}

function taker(waiting: Map<string, Waiting>): Inlined {
  return (name) => {
    const found = waiting.get(name);
    waiting.delete(name);
    return found?.term;
  };
}

/** Does the step give exactly one value, so that it can be read where its variable stands? */
function isSingle(ctx: RaiseContext, step: Step): boolean {
  if (step.pinned || step.outputs?.size !== 1) return false;
  return step.form.kind !== 'call' || !ctx.isRelation(step.form.callee.name);
}

/** A piece of a template or `print`: all its steps go back into one term, for each piece is evaluated on its own. */
export function raisePiece(
  ctx: RaiseContext,
  piece: LoweredTerm,
): { readonly term: Term; readonly with: readonly With[] } {
  const waiting = new Map<string, Waiting>();
  const take = taker(waiting);
  if (piece.kind === 'set' && piece.items[0]) {
    return { term: raiseTerm(ctx, piece.items[0], take), with: [] };
  }
  if (piece.kind !== 'comprehension') return { term: raiseTerm(ctx, piece, take), with: [] };
  for (const step of piece.body) {
    if (step.generated === undefined) continue;
    const term = generatedValue(ctx, step, take);
    waiting.set(step.generated, { step, term, conflicts: false });
  }
  const modifiers = piece.body[piece.body.length - 1]?.with ?? [];
  return { term: raiseTerm(ctx, piece.term, take), with: raiseWith(ctx, modifiers, take) };
}

/** The term whose value a generated step gives to its variable. */
function generatedValue(ctx: RaiseContext, step: Step, take: Inlined): Term {
  const { form } = step;
  if (form.kind === 'eq') return raiseTerm(ctx, form.right, take);
  if (form.kind === 'call') return raiseCall(ctx, form, step.span, take);
  return raiseVar(step.span, step.generated ?? '');
}

function assignment(ctx: RaiseContext, step: Step, name: string, value: Term): Literal {
  const target = raiseVar(step.span, name);
  const expr: Expr = { kind: 'Assign', span: step.span, target, value };
  const modifiers = raiseWith(ctx, step.with, () => undefined);
  return { kind: 'Literal', span: step.span, expr, with: modifiers };
}

function raiseStep(ctx: RaiseContext, step: Step, take: Inlined): Literal {
  const { form } = step;
  if (step.generated !== undefined) {
    if (form.kind === 'call' && ctx.isRelation(form.callee.name)) {
      const output = raiseVar(step.span, step.generated);
      const term = raiseCall(ctx, form, step.span, take, output);
      return literal(step, { kind: 'TermExpr', span: step.span, term }, ctx, take);
    }
    return assignment(ctx, step, step.generated, generatedValue(ctx, step, take));
  }
  const expr = raiseExpr(ctx, step, take);
  if (!step.negated) return literal(step, expr, ctx, take);
  const inner: Literal = { kind: 'Literal', span: step.span, expr, with: NONE };
  const body: Body = { kind: 'Body', span: step.span, literals: [inner] };
  const span = step.origin?.expr.span ?? step.span;
  return literal(step, { kind: 'Not', span, braces: false, body }, ctx, take);
}

function literal(step: Step, expr: Expr, ctx: RaiseContext, take: Inlined): Literal {
  const { origin } = step;
  if (origin !== undefined && step.with.length === 0 && isAsWritten(origin, expr)) return origin;
  const span = origin?.span ?? step.span;
  return { kind: 'Literal', span, expr, with: raiseWith(ctx, step.with, take) };
}

/** Does the statement say what it said in the text, of the same nodes? */
function isAsWritten({ expr: before, with: modifiers }: Literal, expr: Expr): boolean {
  if (before.kind !== 'TermExpr' || expr.kind !== 'TermExpr' || modifiers.length > 0) return false;
  const [old, now] = [before.term, expr.term];
  if (old.kind !== 'Membership' || now.kind !== 'Membership') return old === now;
  return old.key === now.key && old.value === now.value && old.collection === now.collection;
}

function raiseExpr(ctx: RaiseContext, step: Step, take: Inlined): Expr {
  const { form, span } = step;
  switch (form.kind) {
    case 'term':
      return { kind: 'TermExpr', span, term: raiseTerm(ctx, form.term, take) };
    case 'call':
      return { kind: 'TermExpr', span, term: raiseCall(ctx, form, span, take) };
    case 'eq': {
      if (form.some) {
        const key = form.some.key && raiseTerm(ctx, form.some.key, take);
        const value = raiseTerm(ctx, form.some.value, take);
        const collection = raiseTerm(ctx, form.some.collection, take);
        return { kind: 'SomeIn', span, key, value, collection };
      }
      const left = raiseTerm(ctx, form.left, take);
      const right = raiseTerm(ctx, form.right, take);
      if (form.assign) return { kind: 'Assign', span, target: left, value: right };
      return { kind: 'Unify', span, left, right };
    }
    case 'every':
      return {
        kind: 'Every',
        span,
        key: form.key && varTerm(form.key),
        value: varTerm(form.value),
        domain: raiseTerm(ctx, form.domain, take),
        body: raiseBody(ctx, form.body, [], span).body,
      };
    case 'not': {
      const { body } = raiseBody(ctx, form.body, [], span);
      return { kind: 'Not', span, braces: form.braces || body.literals.length > 1, body };
    }
    case 'logical':
      return {
        kind: 'Logical',
        span,
        operator: form.operator,
        left: raiseBody(ctx, form.left.body, [], form.left.span).body,
        right: raiseBody(ctx, form.right.body, [], form.right.span).body,
      };
  }
}

const NONE: readonly never[] = [];

function varTerm(node: LoweredVar): Term {
  return raiseVar(node.span, node.name);
}

function raiseWith(
  ctx: RaiseContext,
  modifiers: readonly LoweredWith[],
  take: Inlined,
): readonly With[] {
  if (modifiers.length === 0) return NONE;
  return modifiers.map((modifier): With => {
    const { span } = modifier;
    const target = raiseTerm(ctx, modifier.target, take);
    return {
      kind: 'With',
      span,
      target: target.kind === 'Ref' ? target : { kind: 'Ref', span, head: target, path: [] },
      value: raiseTerm(ctx, modifier.value, take),
    };
  });
}
