/**
 * What can be told of an expression without evaluating anything: literals and comparisons of literals.
 */
import type { Body, Literal, ObjectTerm, Term } from '../ast/nodes.ts';

/** Whether the literal always holds (`true`), never holds (`false`), or that depends (undefined). */
export function constantTruth(literal: Literal): boolean | undefined {
  if (literal.expr.kind !== 'TermExpr') return undefined;
  const { term } = literal.expr;
  if (term.kind !== 'Infix') {
    const value = scalarOf(term);
    return value === undefined ? undefined : value !== 'Boolean:false';
  }
  const left = scalarOf(term.left);
  const right = scalarOf(term.right);
  if (left === undefined || right === undefined) return undefined;
  // Numbers can be written in several ways: only the same text is certainly the same number.
  const isNumber = term.left.kind === 'Number' && term.right.kind === 'Number';
  if (isNumber && left !== right) return undefined;
  if (term.operator === '==') return left === right;
  return term.operator === '!=' ? left !== right : undefined;
}

/** Whether the body holds whatever the input is. */
export function alwaysHolds(body: Body | undefined): boolean {
  return body === undefined || body.literals.every((literal) => constantTruth(literal) === true);
}

/** Are the values of two rules different whatever is evaluated? One that is not written is `true`. */
export function certainlyDiffer(left: Term | undefined, right: Term | undefined): boolean {
  const [a, b] = [left, right].map((term) => (term ? scalarOf(term) : 'Boolean:true'));
  if (a === undefined || b === undefined || a === b) return false;
  const isNumber = left?.kind === 'Number' && right?.kind === 'Number';
  // One number can be written in several ways.
  return !isNumber || Number(left.text) !== Number(right.text);
}

/** A scalar with its kind, so that `1` and `"1"` differ. */
export function scalarOf(term: Term): string | undefined {
  switch (term.kind) {
    case 'Null':
      return 'Null';
    case 'Boolean':
      return `Boolean:${term.value}`;
    case 'Number':
      return `Number:${term.text}`;
    case 'String':
      return `String:${term.value}`;
    default:
      return undefined;
  }
}

/** The value under a key that is written as a string. */
export function entryOf(term: ObjectTerm, name: string): Term | undefined {
  return term.entries.find(({ key }) => key.kind === 'String' && key.value === name)?.value;
}

/** Whether every key is written as a string, so that a missing one is certainly missing. */
export function hasPlainKeys(term: ObjectTerm): boolean {
  return term.entries.every(({ key }) => key.kind === 'String');
}
