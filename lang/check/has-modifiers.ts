/**
 * Whether a rule holds a `with` anywhere. Asked of every rule before any is checked, so it looks only where one can stand, and faster than
 * a general walk would.
 */
import type { Body, Expr, Literal, Rule, Term } from '../ast/nodes.ts';

/** Holds the rule, one of its `else` branches or a body inside of them a `with`? */
export function hasModifiers({ head, body, else: branches }: Rule): boolean {
  if (body !== undefined && inBody(body)) return true;
  for (const segment of head.ref.path) if (inTerm(segment.term)) return true;
  if (head.params !== undefined && inTerms(head.params)) return true;
  if (head.contains !== undefined && inTerm(head.contains)) return true;
  if (head.value !== undefined && inTerm(head.value)) return true;
  for (const branch of branches) {
    if (branch.body !== undefined && inBody(branch.body)) return true;
    if (branch.value !== undefined && inTerm(branch.value)) return true;
  }
  return false;
}

function inBody({ literals }: Body): boolean {
  for (const literal of literals) if (inLiteral(literal)) return true;
  return false;
}

function inLiteral({ expr, with: modifiers }: Literal): boolean {
  return modifiers.length > 0 || inExpr(expr);
}

function inExpr(expr: Expr): boolean {
  switch (expr.kind) {
    case 'TermExpr':
      return inTerm(expr.term);
    case 'Assign':
      return inTerm(expr.target) || inTerm(expr.value);
    case 'Unify':
      return inTerm(expr.left) || inTerm(expr.right);
    case 'SomeDecl':
      return false;
    case 'SomeIn':
      return inKeyed(expr.key, expr.value) || inTerm(expr.collection);
    case 'Every':
      return inKeyed(expr.key, expr.value) || inTerm(expr.domain) || inBody(expr.body);
    case 'Not':
      return inBody(expr.body);
    case 'Logical':
      return inBody(expr.left) || inBody(expr.right);
  }
}

function inTerms(terms: readonly Term[]): boolean {
  for (const term of terms) if (inTerm(term)) return true;
  return false;
}

function inKeyed(key: Term | undefined, value: Term): boolean {
  return (key !== undefined && inTerm(key)) || inTerm(value);
}

function inTerm(term: Term): boolean {
  switch (term.kind) {
    case 'Null':
    case 'Boolean':
    case 'Number':
    case 'String':
    case 'Var':
      return false;
    case 'Ref':
      if (inTerm(term.head)) return true;
      for (const segment of term.path) if (inTerm(segment.term)) return true;
      return false;
    case 'Array':
    case 'Set':
      return inTerms(term.items);
    case 'Object':
      for (const { key, value } of term.entries) if (inTerm(key) || inTerm(value)) return true;
      return false;
    case 'ArrayComprehension':
    case 'SetComprehension':
      return inTerm(term.term) || inBody(term.body);
    case 'ObjectComprehension':
      return inTerm(term.key) || inTerm(term.value) || inBody(term.body);
    case 'Call':
      return inTerms(term.args);
    case 'Infix':
      return inTerm(term.left) || inTerm(term.right);
    case 'Membership':
      return inKeyed(term.key, term.value) || inTerm(term.collection);
    case 'TemplateString':
      return term.parts.some((part) => part.kind === 'TemplateExpr' && inLiteral(part.literal));
  }
}
