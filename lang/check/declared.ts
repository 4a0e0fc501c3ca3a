/** Which names a body declares, found in its text alone: they hide imports and rules of the same name in the whole body. */
import type { Body, Expr, Literal, Node, Term } from '../ast/nodes.ts';

/** Names declared by `:=`, `some` and `some in`, also in nested bodies, but not in comprehensions. */
export function declaredNames(body: Body | undefined): Set<string> {
  const names = new Set<string>();
  if (body) collectBody(body, names);
  return names;
}

/** Names that the literals of a body declare themselves. */
export function declaredDirectly(body: Body): ReadonlySet<string> {
  const names = new Set<string>();
  for (const literal of body.literals) {
    const { kind } = literal.expr;
    if (kind !== 'Every' && kind !== 'Not' && kind !== 'Logical') collectLiteral(literal, names);
  }
  return names;
}

function collectBody(body: Body, names: Set<string>): void {
  for (const literal of body.literals) collectLiteral(literal, names);
}

function collectLiteral(literal: Literal, names: Set<string>): void {
  const expr: Expr = literal.expr;
  switch (expr.kind) {
    case 'Assign':
      collectVars(expr.target, names);
      return;
    case 'TermExpr':
      if (isCallOf(expr.term, 'assign') && expr.term.kind === 'Call' && expr.term.args[0]) {
        collectVars(expr.term.args[0], names);
      }
      return;
    case 'SomeDecl':
      for (const name of expr.names) names.add(name.name);
      return;
    case 'SomeIn':
      if (expr.key) collectVars(expr.key, names);
      collectVars(expr.value, names);
      return;
    case 'Every':
    case 'Not':
      collectBody(expr.body, names);
      return;
    case 'Logical':
      collectBody(expr.left, names);
      collectBody(expr.right, names);
      return;
    case 'Unify':
      return;
  }
}

/** Is the term a call of the builtin `name` with two arguments? */
export function isCallOf(term: Term, name: string): boolean {
  return (
    term.kind === 'Call' &&
    term.args.length === 2 &&
    term.operator.path.length === 0 &&
    term.operator.head.kind === 'Var' &&
    term.operator.head.name === name
  );
}

/** Every variable named anywhere in a node, wildcards aside. */
export function collectVars(node: Node, names: Set<string>): void {
  switch (node.kind) {
    case 'Var':
      if (node.name !== '_') names.add(node.name);
      return;
    case 'Ref':
      collectVars(node.head, names);
      for (const segment of node.path) collectVars(segment.term, names);
      return;
    case 'Array':
    case 'Set':
      for (const item of node.items) collectVars(item, names);
      return;
    case 'Object':
      for (const entry of node.entries) {
        collectVars(entry.key, names);
        collectVars(entry.value, names);
      }
      return;
    case 'ArrayComprehension':
    case 'SetComprehension':
      collectVars(node.term, names);
      collectVars(node.body, names);
      return;
    case 'ObjectComprehension':
      collectVars(node.key, names);
      collectVars(node.value, names);
      collectVars(node.body, names);
      return;
    case 'Call':
      for (const arg of node.args) collectVars(arg, names);
      return;
    case 'Infix':
    case 'Unify':
      collectVars(node.left, names);
      collectVars(node.right, names);
      return;
    case 'Membership':
    case 'SomeIn':
      if (node.key) collectVars(node.key, names);
      collectVars(node.value, names);
      collectVars(node.collection, names);
      return;
    case 'TemplateString':
      for (const part of node.parts) collectVars(part, names);
      return;
    case 'TemplateExpr':
      collectVars(node.literal, names);
      return;
    case 'Body':
      for (const literal of node.literals) collectVars(literal, names);
      return;
    case 'Literal':
      collectVars(node.expr, names);
      for (const modifier of node.with) collectVars(modifier.value, names);
      return;
    case 'TermExpr':
      collectVars(node.term, names);
      return;
    case 'Assign':
      collectVars(node.target, names);
      collectVars(node.value, names);
      return;
    case 'Every':
      collectVars(node.domain, names);
      collectVars(node.body, names);
      return;
    case 'Not':
      collectVars(node.body, names);
      return;
    case 'Logical':
      collectVars(node.left, names);
      collectVars(node.right, names);
      return;
    default:
      return;
  }
}

/** The variables an assignment or `some` pattern binds: those in arrays and object values, at any depth. */
export function patternVars(term: Term, names: Set<string>): void {
  if (term.kind === 'Var') {
    if (term.name !== '_') names.add(term.name);
  } else if (term.kind === 'Array') {
    for (const item of term.items) patternVars(item, names);
  } else if (term.kind === 'Object') {
    for (const entry of term.entries) patternVars(entry.value, names);
  } else if (term.kind === 'Ref') {
    for (const segment of term.path) collectVars(segment.term, names);
  }
}
