/**
 * Prints literals, the expressions they hold, and blocks in braces.
 */
import type { Body, Expr, Literal, Logical, With } from '../ast/nodes.ts';
import { concat, type Doc, group, HARD_LINE, indent, isForced, join, LINE } from './document.ts';
import { printLines } from './print-collection.ts';
import { printRef } from './print-term.ts';
import { breaksBetween, type Printer } from './printer.ts';

/** A literal with its `with` modifiers, which go below it where they were or where the line is too long. */
export function printLiteral(printer: Printer, literal: Literal): Doc {
  const expr = printExpr(printer, literal.expr);
  if (literal.with.length === 0) return expr;
  let from = literal.expr.span.end;
  const breaks = literal.with.map((modifier) => {
    const broken = breaksBetween(printer, from, modifier.span.start);
    from = modifier.span.end;
    return broken;
  });
  const modifiers = literal.with.map((modifier) => printWith(printer, modifier));
  const keepsLines = breaks.includes(true) || modifiers.some(isForced) || isForced(expr);
  const tail = modifiers.map((doc, at) => {
    if (!keepsLines) return concat(LINE, doc);
    return concat(breaks[at] === true ? HARD_LINE : ' ', doc);
  });
  // Modifiers that stay in the line of what they modify are as deep as it is.
  return group(
    concat(expr, breaks.includes(true) || !keepsLines ? indent(concat(...tail)) : concat(...tail)),
  );
}

function printWith(printer: Printer, modifier: With): Doc {
  return concat('with ', printRef(printer, modifier.target), ' as ', printer.term(modifier.value));
}

/** `{ ... }`, in one line where it was and fits. */
export function printBlock(printer: Printer, body: Body): Doc {
  const first = body.literals[0]?.span.start ?? body.span.end;
  const broken = breaksBetween(printer, body.span.start, first);
  const lines = printLines(printer, body, body.span.start + 1, body.span.end - 1);
  const space: Doc = broken ? HARD_LINE : LINE;
  return group(concat('{', indent(concat(space, lines)), LINE, '}'));
}

/** `{ ... }` over several lines, as a rule has it. */
export function printOpenBlock(printer: Printer, body: Body): Doc {
  const lines = printLines(printer, body, body.span.start + 1, body.span.end - 1);
  return group(concat('{', indent(concat(HARD_LINE, lines)), HARD_LINE, '}'));
}

/** Whether the body was written in braces. */
export function hasBraces({ text }: Printer, body: Body): boolean {
  return text[body.span.start] === '{' && body.literals[0]?.span.start !== body.span.start;
}

function printExpr(printer: Printer, expr: Expr): Doc {
  const term = printer.term;
  switch (expr.kind) {
    case 'TermExpr':
      return term(expr.term);
    case 'Assign':
      return concat(term(expr.target), ' := ', term(expr.value));
    case 'Unify':
      return concat(term(expr.left), ' = ', term(expr.right));
    case 'SomeDecl':
      return concat('some ', join(', ', expr.names.map(term)));
    case 'SomeIn': {
      const key = expr.key === undefined ? '' : concat(term(expr.key), ', ');
      return concat('some ', key, term(expr.value), ' in ', term(expr.collection));
    }
    case 'Every': {
      const key = expr.key === undefined ? '' : concat(term(expr.key), ', ');
      const head = concat('every ', key, term(expr.value), ' in ', term(expr.domain), ' ');
      return concat(head, printer.block(expr.body));
    }
    case 'Not':
      return concat(
        'not ',
        expr.braces ? printer.block(expr.body) : printOperand(printer, expr.body, isLogical),
      );
    case 'Logical':
      return printLogical(printer, expr);
  }
}

/** `and` binds tighter than `or`, and both group to the left. */
function printLogical(printer: Printer, expr: Logical): Doc {
  const isAnd = expr.operator === 'and';
  const left = printOperand(printer, expr.left, (inner) => isAnd && isLogical(inner, 'or'));
  const right = printOperand(printer, expr.right, (inner) =>
    isLogical(inner, isAnd ? undefined : 'or'),
  );
  return concat(left, ` ${expr.operator} `, right);
}

function isLogical(expr: Expr, operator?: Logical['operator']): boolean {
  return expr.kind === 'Logical' && (operator === undefined || expr.operator === operator);
}

/** An operand of `not`, `and`, `or`: in braces as it was, or in parentheses where it would be read otherwise without. */
function printOperand(printer: Printer, body: Body, needsGroup: (expr: Expr) => boolean): Doc {
  const [literal] = body.literals;
  if (literal === undefined || hasBraces(printer, body)) return printer.block(body);
  const doc = printer.literal(literal);
  const startsLikeBlock = printer.text[literal.expr.span.start] === '{';
  const grouped = literal.with.length > 0 || needsGroup(literal.expr) || startsLikeBlock;
  return grouped ? concat('(', doc, ')') : doc;
}
