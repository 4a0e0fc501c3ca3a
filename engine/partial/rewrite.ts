/**
 * Puts known values into what is not known as a whole: terms that have one value become it, bodies inside are folded. Patterns, `with`
 * modifiers and heads of references stay as they are.
 */
import type { Body, Expr, Literal, Ref, RefSegment, Term } from '../../lang/ast/nodes.ts';
import { constantTerm } from './constant-term.ts';
import { bodyOf, type Folding } from './folding.ts';

/** A literal with what is known put in; `true` and `false` where nothing of it is left. */
export function rewriteLiteral(folding: Folding, literal: Literal): Literal | 'true' | 'false' {
  const expr = rewriteExpr(folding, literal.expr);
  // With modifiers it may still fail to have a value for one of them.
  if (typeof expr === 'string') return literal.with.length === 0 ? expr : literal;
  return expr === literal.expr ? literal : { ...literal, expr };
}

function rewriteExpr(folding: Folding, expr: Expr): Expr | 'true' | 'false' {
  switch (expr.kind) {
    case 'TermExpr':
      return changed(expr, { term: rewriteTerm(folding, expr.term) });
    case 'Assign':
      return changed(expr, { value: rewriteTerm(folding, expr.value) });
    case 'Unify':
      return changed(expr, {
        left: rewriteTerm(folding, expr.left),
        right: rewriteTerm(folding, expr.right),
      });
    case 'SomeIn':
      return changed(expr, { collection: rewriteTerm(folding, expr.collection) });
    case 'Every':
      return changed(expr, {
        domain: rewriteTerm(folding, expr.domain),
        body: rewriteBody(folding, expr.body).body,
      });
    case 'Not': {
      const { body, state } = rewriteBody(folding, expr.body);
      if (state === 'bare') return 'true';
      return state === 'empty' ? 'false' : changed(expr, { body });
    }
    case 'Logical':
      return changed(expr, {
        left: rewriteBody(folding, expr.left).body,
        right: rewriteBody(folding, expr.right).body,
      });
    case 'SomeDecl':
      return expr;
  }
}

/** A body of which only matters whether it has a solution. */
function rewriteBody(
  folding: Folding,
  body: Body,
): { readonly body: Body; readonly state: 'open' | 'dead' | 'bare' | 'empty' } {
  const after = { terms: [], fixed: [] };
  const { literals, state } = folding.foldBody(folding, body.literals, after, false);
  return {
    body: sameList(literals, body.literals) ? body : bodyOf(literals, body),
    state: literals.length === 0 ? 'empty' : state,
  };
}

/** A term with what is known put in. */
export function rewriteTerm(folding: Folding, term: Term): Term {
  const { times, evaluator, values, unknown } = folding;
  if (evaluator.isConstant(term)) return term;
  if (term.kind === 'Var') {
    const value = values.get(term.name);
    return value === undefined ? term : constantTerm(value, term.span);
  }
  const isWhole = times.isKnown(term, unknown) && evaluator.isGround(term, values);
  const value = isWhole ? evaluator.valueOf(term, values) : undefined;
  return value === undefined ? rewriteParts(folding, term) : constantTerm(value, term.span);
}

function rewriteParts(folding: Folding, term: Term): Term {
  const inner = (part: Term): Term => rewriteTerm(folding, part);
  switch (term.kind) {
    case 'Ref':
      return rewriteRef(folding, term);
    case 'Array':
    case 'Set':
      return changed(term, { items: mapped(term.items, inner) });
    case 'Object':
      return changed(term, {
        entries: mapped(term.entries, (entry) =>
          changed(entry, { key: inner(entry.key), value: inner(entry.value) }),
        ),
      });
    case 'Infix':
      return changed(term, { left: inner(term.left), right: inner(term.right) });
    case 'Membership':
      return changed(term, {
        key: term.key && inner(term.key),
        value: inner(term.value),
        collection: inner(term.collection),
      });
    case 'Call': {
      const call = changed(term, { args: mapped(term.args, inner) });
      const callee = call === term ? undefined : folding.calleeOf(term);
      if (callee !== undefined) folding.noteCallee(call, callee);
      return call;
    }
    case 'ArrayComprehension':
    case 'SetComprehension':
    case 'ObjectComprehension':
      return rewriteComprehension(folding, term);
    case 'TemplateString':
      return changed(term, {
        parts: mapped(term.parts, (part) => {
          if (part.kind === 'String') return part;
          const literal = rewriteLiteral(folding, part.literal);
          return typeof literal === 'string' ? part : changed(part, { literal });
        }),
      });
    default:
      return term;
  }
}

function rewriteRef(folding: Folding, ref: Ref): Ref {
  const { head } = ref;
  return changed(ref, {
    head: head.kind === 'Var' ? head : rewriteParts(folding, head),
    path: mapped(
      ref.path,
      (segment): RefSegment => changed(segment, { term: rewriteTerm(folding, segment.term) }),
    ),
  });
}

function rewriteComprehension(
  folding: Folding,
  term: Extract<Term, { kind: 'ArrayComprehension' | 'SetComprehension' | 'ObjectComprehension' }>,
): Term {
  const own = term.kind === 'ObjectComprehension' ? [term.key, term.value] : [term.term];
  const counts = term.kind === 'ArrayComprehension';
  const after = { terms: own, fixed: [] };
  const folded = folding.foldBody(folding, term.body.literals, after, counts);
  const { literals, terms } = folded;
  const body = sameList(literals, term.body.literals) ? term.body : bodyOf(literals, term.body);
  const [first = own[0], second = own[1]] = terms;
  if (term.kind === 'ObjectComprehension')
    return changed(term, { key: first ?? term.key, value: second ?? term.value, body });
  return changed(term, { term: first ?? term.term, body });
}

/** The node itself when nothing of it is another: what did not change is shared. */
function changed<Changed extends object>(node: Changed, parts: Partial<Changed>): Changed {
  const isSame = Object.entries(parts).every(([name, part]) => Reflect.get(node, name) === part);
  return isSame ? node : { ...node, ...parts };
}

function mapped<Item>(items: readonly Item[], change: (item: Item) => Item): readonly Item[] {
  const made = items.map(change);
  return sameList(made, items) ? items : made;
}

function sameList(left: readonly unknown[], right: readonly unknown[]): boolean {
  return left.length === right.length && left.every((item, at) => item === right[at]);
}
