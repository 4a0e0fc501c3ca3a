/**
 * Prints rules: head, body, `else`. A body of one expression that was written in one line needs no braces.
 */
import type { Body, ElseBranch, Rule, RuleHead } from '../ast/nodes.ts';
import { printComment } from './comments.ts';
import {
  concat,
  type Doc,
  group,
  HARD_LINE,
  ifBreak,
  indent,
  isForced,
  trailing,
} from './document.ts';
import { hasBraces, printOpenBlock } from './print-body.ts';
import { printList } from './print-collection.ts';
import { printRef } from './print-term.ts';
import { breaksBetween, type Printer } from './printer.ts';

/** A rule with its `else` branches. */
export function printRule(printer: Printer, rule: Rule): Doc {
  const head = concat(rule.isDefault ? 'default ' : '', printHead(printer, rule.head));
  const isLast = rule.else.length === 0;
  const parts: Doc[] = [head];
  if (rule.body !== undefined) parts.push(printIf(printer, rule.body, isLast));
  let before: { readonly end: number; readonly body: Body | undefined } = {
    end: rule.body?.span.end ?? rule.head.span.end,
    body: rule.body,
  };
  for (const [at, branch] of rule.else.entries()) {
    parts.push(printGap(printer, before.end, branch.span.start, before.body));
    parts.push(printElse(printer, branch, at === rule.else.length - 1));
    before = { end: branch.span.end, body: branch.body };
  }
  return concat(...parts);
}

function printHead(printer: Printer, head: RuleHead): Doc {
  const parts: Doc[] = [printRef(printer, head.ref)];
  if (head.params !== undefined) {
    const start = head.ref.span.end;
    const end = closeOf(printer, head, start);
    parts.push(printList(printer, '(', head.params, ')', { start, end }, printer.term));
  }
  if (head.contains !== undefined) parts.push(' contains ', printer.term(head.contains));
  if (head.value !== undefined) parts.push(` ${head.assign ?? ':='} `, printer.term(head.value));
  return concat(...parts);
}

/** Behind the parenthesis that closes the parameters: after the last one come at most a comma, comments and that. */
function closeOf({ text }: Printer, head: RuleHead, start: number): number {
  let at = head.params?.at(-1)?.span.end ?? start + 1;
  while (at < head.span.end && text[at] !== ')') {
    const lineEnd = text[at] === '#' ? text.indexOf('\n', at) : at;
    at = (lineEnd === -1 ? head.span.end : lineEnd) + 1;
  }
  return at + 1;
}

/** ` if ...`; `isLast` tells that no `else` follows, which would need to know whether there are braces. */
function printIf(printer: Printer, body: Body, isLast: boolean): Doc {
  if (keepsBlock(printer, body)) return concat(' if ', printOpenBlock(printer, body));
  const [literal] = body.literals;
  if (literal === undefined) return ' if {}';
  const doc = printer.literal(literal);
  if (isForced(doc) || !isLast) return concat(' if ', doc);
  return group(
    concat(
      ' if ',
      ifBreak('{', ''),
      indent(concat(BLOCK_START, doc)),
      BLOCK_START,
      ifBreak('}', ''),
    ),
  );
}

/** A line break in braces, nothing without them. */
const BLOCK_START: Doc = { kind: 'line', flat: '', forced: false };

/** Whether the body stays in braces: it has several lines or literals, comments, or would be read otherwise without. */
function keepsBlock(printer: Printer, body: Body): boolean {
  if (!hasBraces(printer, body)) return false;
  const [literal, ...others] = body.literals;
  if (literal === undefined || others.length > 0) return true;
  const { start, end } = body.span;
  return (
    breaksBetween(printer, start, literal.span.start) ||
    breaksBetween(printer, literal.span.end, end) ||
    printer.comments.has(start, end) ||
    printer.text[literal.span.start] === '{'
  );
}

/** What stands between a branch and its `else`: comments, which keep their lines. */
function printGap(printer: Printer, start: number, end: number, body: Body | undefined): Doc {
  const behind = printer.comments.takeTrailing(start, end);
  const comments = printer.comments.take(start, end);
  const isBlock = body !== undefined && keepsBlock(printer, body);
  if (behind === undefined && comments.length === 0) return isBlock ? ' ' : HARD_LINE;
  return concat(
    behind === undefined ? '' : trailing(` ${printComment(behind)}`),
    ...comments.map((comment) => concat(HARD_LINE, printComment(comment))),
    HARD_LINE,
  );
}

function printElse(printer: Printer, branch: ElseBranch, isLast: boolean): Doc {
  const parts: Doc[] = ['else'];
  if (branch.value !== undefined)
    parts.push(` ${branch.assign ?? ':='} `, printer.term(branch.value));
  if (branch.body !== undefined) parts.push(printIf(printer, branch.body, isLast));
  return concat(...parts);
}
