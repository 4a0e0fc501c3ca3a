/**
 * Makes term nodes from what the grammar read. No grammar here and no faults: what is wrong is returned to the caller.
 */
import type { IToken } from 'chevrotain';
import type { Call, Infix, Ref, RefSegment, StringLiteral, Term, Var } from '../ast/nodes.ts';
import type { Span } from '../source.ts';
import { tokenSpan } from './scan.ts';

/** What every empty list of a tree is. */
export const NONE: readonly never[] = [];

/** A list that was pushed together, without the room it has for more: most have one or two elements and room for sixteen. */
export function exactList<T>(items: readonly T[]): readonly T[] {
  return items.length === 0 ? NONE : items.slice();
}

/** The variable a name token stands for. */
export function buildVar(token: IToken): Var {
  return { kind: 'Var', span: tokenSpan(token), name: token.image };
}

/** A string node for a name written after a dot. */
export function buildDotSegment(dot: IToken, name: IToken): RefSegment {
  const span = tokenSpan(name);
  const term: StringLiteral = { kind: 'String', span, value: name.image, raw: false };
  return {
    kind: 'RefSegment',
    span: { start: dot.startOffset, end: span.end },
    style: 'dot',
    term,
  };
}

/** `head` with its path, or the head alone where there is none. */
export function buildRef(head: Term, path: readonly RefSegment[]): Term {
  if (path.length === 0) return head;
  return refOf(head, path);
}

/** A reference even where the path is empty: what rule heads, `with` targets and call operators need. */
export function refOf(head: Term, path: readonly RefSegment[]): Ref {
  const end = path.at(-1)?.span.end;
  const span = end === undefined ? head.span : { start: head.span.start, end };
  return { kind: 'Ref', span, head, path: exactList(path) };
}

/** A term as a reference: a `Ref` stays, anything else becomes the head of an empty path. */
export function asRef(term: Term): Ref {
  return term.kind === 'Ref' ? term : refOf(term, []);
}

/** A call, or the empty set for `set()`. */
export function buildCall(
  head: Term,
  path: readonly RefSegment[],
  args: readonly Term[],
  end: number,
): Term {
  const span = { start: head.span.start, end };
  if (path.length === 0 && args.length === 0 && head.kind === 'Var' && head.name === 'set') {
    return { kind: 'Set', span, items: [] };
  }
  const call: Call = { kind: 'Call', span, operator: refOf(head, path), args };
  return call;
}

/** `-x` where `x` is no number: `0 - x`, as OPA reads it; the zero has an empty span because nobody wrote it. */
export function buildNegation(minus: IToken, operand: Term): Infix {
  const start = minus.startOffset;
  const zero: Term = { kind: 'Number', span: { start, end: start }, text: '0' };
  return {
    kind: 'Infix',
    span: { start, end: operand.span.end },
    operator: '-',
    left: zero,
    right: operand,
  };
}

/** The same term with another place; parentheses widen the term they hold. */
export function withSpan(term: Term, span: Span): Term {
  return { ...term, span };
}

/** What a term is called in a message about what cannot be done with it. */
export function describeTerm(term: Term): string {
  switch (term.kind) {
    case 'Null':
      return '`null`';
    case 'Boolean':
      return `\`${term.value}\``;
    case 'Number':
      return 'a number';
    case 'String':
      return 'a string';
    case 'TemplateString':
      return 'a template string';
    case 'Var':
      return 'a variable';
    case 'Ref':
      return 'a reference';
    case 'Array':
      return 'an array';
    case 'Object':
      return 'an object';
    case 'Set':
      return 'a set';
    case 'ArrayComprehension':
    case 'SetComprehension':
    case 'ObjectComprehension':
      return 'a comprehension';
    case 'Call':
      return 'a call';
    case 'Infix':
    case 'Membership':
      return 'an expression with an operator';
  }
}
