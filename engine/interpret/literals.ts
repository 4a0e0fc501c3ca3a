/**
 * Bodies: a conjunction of literals, searched from left to right. A literal with one solution at most is tested in a loop; only
 * one that can have several opens a level of search, so the stack grows with iterations that are nested, not with literals.
 */
import type { Body, Call, Every, Expr, Literal, SomeIn, Term } from '../../lang/ast/nodes.ts';
import type { Callee } from '../../lang/check/checked.ts';
import { displayText } from '../value/text.ts';
import type { Value } from '../value/value.ts';
import { hasUnbound, isSingle, type Next, type Scope } from './machine.ts';
import { internalFailure } from './places.ts';
import { membersOf } from './refs.ts';
import { nodeAt } from './rule-tree.ts';
import { fits, isSingleUnification, match, unify, unifySingle } from './unify.ts';

/** See `Machine.solve`. No body is a body that holds. */
export function solve(scope: Scope, body: Body | undefined, next: Next): boolean {
  return body === undefined ? next() : solveFrom(scope, body.literals, 0, next);
}

function solveFrom(scope: Scope, literals: readonly Literal[], from: number, next: Next): boolean {
  const { frame, machine } = scope;
  const mark = frame.mark();
  machine.budget.enter();
  let index = from;
  let holds = true;
  let stopped = false;
  for (; holds && index < literals.length; index += 1) {
    const literal = literals[index];
    if (literal === undefined) break;
    machine.budget.step();
    machine.tracer?.literal(scope, literals, index);
    if (literal.with.length > 0 || !hasOneSolution(scope, literal.expr)) {
      const after = index + 1;
      stopped = machine.overlay(scope, literal.with, (inner) =>
        search(inner, literal.expr, () => {
          machine.tracer?.held(literal);
          return solveFrom(scope, literals, after, next);
        }),
      );
      holds = false;
      break;
    }
    holds = test(scope, literal.expr);
    if (holds) machine.tracer?.held(literal);
  }
  if (holds) stopped = next();
  machine.budget.leave();
  frame.undo(mark);
  return stopped;
}

/** True when `test` decides an expression. */
function hasOneSolution(scope: Scope, expr: Expr): boolean {
  switch (expr.kind) {
    case 'TermExpr':
      return (
        isSingle(scope, expr.term) && (expr.term.kind !== 'Call' || !isSpecial(scope, expr.term))
      );
    case 'Assign':
      return isSingleUnification(scope, expr.target, expr.value);
    case 'Unify':
      return isSingleUnification(scope, expr.left, expr.right);
    case 'Every':
      return isSingle(scope, expr.domain);
    case 'Not':
    case 'Logical':
    case 'SomeDecl':
      return true;
    case 'SomeIn':
      return false;
  }
}

function test(scope: Scope, expr: Expr): boolean {
  switch (expr.kind) {
    case 'TermExpr': {
      const value = scope.machine.one(scope, expr.term);
      return value !== undefined && value !== false;
    }
    case 'Assign':
      return unifySingle(scope, expr.target, expr.value);
    case 'Unify':
      return unifySingle(scope, expr.left, expr.right);
    case 'Every': {
      const domain = scope.machine.one(scope, expr.domain);
      return domain !== undefined && holdsForAll(scope, expr, domain);
    }
    case 'Not':
      return !hasSolution(scope, expr.body);
    case 'Logical':
      return expr.operator === 'and'
        ? hasSolution(scope, expr.left) && hasSolution(scope, expr.right)
        : hasSolution(scope, expr.left) || hasSolution(scope, expr.right);
    default:
      return true;
  }
}

function search(scope: Scope, expr: Expr, next: Next): boolean {
  if (hasOneSolution(scope, expr)) return test(scope, expr) && next();
  switch (expr.kind) {
    case 'TermExpr':
      return searchTerm(scope, expr.term, next);
    case 'Assign':
      return unify(scope, expr.target, expr.value, next);
    case 'Unify':
      return unify(scope, expr.left, expr.right, next);
    case 'SomeIn':
      return searchSome(scope, expr, next);
    case 'Every':
      return scope.machine.each(
        scope,
        expr.domain,
        (domain) => holdsForAll(scope, expr, domain) && next(),
      );
    default:
      return false;
  }
}

function hasSolution(scope: Scope, body: Body): boolean {
  return scope.machine.solve(scope, body, () => true);
}

function searchTerm(scope: Scope, term: Term, next: Next): boolean {
  if (term.kind === 'Call') {
    const callee = calleeOf(scope, term);
    if (isPrint(callee)) {
      print(scope, term);
      return next();
    }
    const [first, second] = term.args;
    if (isUnification(callee) && first !== undefined && second !== undefined) {
      return unify(scope, first, second, next);
    }
    const output = outputOf(scope, term, callee);
    if (output !== undefined) {
      return scope.machine.eachList(scope, term.args.slice(0, -1), (args) =>
        scope.machine.call(scope, term, callee, args, (value) => {
          const mark = scope.frame.mark();
          const stopped = match(scope, output, value, next);
          scope.frame.undo(mark);
          return stopped;
        }),
      );
    }
  }
  return scope.machine.each(scope, term, (value) => value !== false && next());
}

function calleeOf(scope: Scope, term: Call): Callee {
  const callee = scope.machine.calleeOf(term);
  if (callee === undefined) throw internalFailure(scope, 'a call was not resolved', term);
  return callee;
}

function isPrint(callee: Callee): boolean {
  return callee.kind === 'builtin' && callee.name === 'print';
}

function isUnification(callee: Callee): boolean {
  return callee.kind === 'builtin' && (callee.name === 'eq' || callee.name === 'assign');
}

function isSpecial(scope: Scope, term: Call): boolean {
  const callee = calleeOf(scope, term);
  return isPrint(callee) || isUnification(callee) || outputOf(scope, term, callee) !== undefined;
}

/** The argument beyond a callee's arity, which receives the result. */
function outputOf(scope: Scope, term: Call, callee: Callee): Term | undefined {
  return term.args.length > arityOf(scope, callee, term) ? term.args.at(-1) : undefined;
}

function arityOf(scope: Scope, callee: Callee, term: Call): number {
  if (callee.kind === 'builtin') {
    return scope.machine.signatures.get(callee.name)?.args.length ?? term.args.length;
  }
  const node = nodeAt(scope.machine.tree, callee.path);
  const definition = node?.rules[0] ?? node?.fallback;
  return definition?.rule.head.params?.length ?? term.args.length;
}

function searchSome(scope: Scope, expr: SomeIn, next: Next): boolean {
  const { machine, frame } = scope;
  return machine.each(scope, expr.collection, (collection) => {
    for (const [key, value] of membersOf(collection)) {
      machine.budget.step();
      const mark = frame.mark();
      const matchValue = (): boolean => match(scope, expr.value, value, next);
      const stopped =
        expr.key === undefined ? matchValue() : match(scope, expr.key, key, matchValue);
      frame.undo(mark);
      if (stopped) return true;
    }
    return false;
  });
}

function holdsForAll(scope: Scope, expr: Every, domain: Value): boolean {
  const { machine, frame } = scope;
  if (typeof domain !== 'object' || domain === null) return false;
  if ('tag' in domain && domain.tag === 'number') return false;
  for (const [key, value] of membersOf(domain)) {
    machine.budget.step();
    const mark = frame.mark();
    const holds =
      (expr.key === undefined || fits(scope, expr.key, key)) &&
      fits(scope, expr.value, value) &&
      hasSolution(scope, expr.body);
    frame.undo(mark);
    if (!holds) return false;
  }
  return true;
}

/** Prints one line per combination of the arguments' values; what has no value is shown as such. */
function print(scope: Scope, term: Call): void {
  const { machine } = scope;
  if (machine.print === undefined) return;
  const shown = term.args.map((arg) => {
    const texts: string[] = [];
    if (!hasUnbound(scope, arg)) {
      machine.each(scope, arg, (value) => {
        texts.push(displayText(value));
        return false;
      });
    }
    return texts.length === 0 ? ['<undefined>'] : texts;
  });
  let lines: readonly string[] = [''];
  for (const [index, texts] of shown.entries()) {
    lines = lines.flatMap((line) => texts.map((text) => (index === 0 ? text : `${line} ${text}`)));
  }
  for (const line of lines) machine.print(line);
}
