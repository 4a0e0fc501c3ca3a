/**
 * Edits that several rules make. Each gives none where a comment, or another statement of the line, would suffer.
 */
import type { Infix } from '../ast/nodes.ts';
import type { Source, Span } from '../source.ts';
import { mirrored } from './expressions.ts';
import type { Edit } from './rule.ts';

/** Removes the line in which the span lies, where there is nothing else in it. */
export function removeLine(source: Source, { start, end }: Span): Edit | undefined {
  const { text } = source;
  const from = text.lastIndexOf('\n', start - 1) + 1;
  const next = text.indexOf('\n', end);
  const to = next === -1 ? text.length : next + 1;
  const isAlone = text.slice(from, start).trim() === '' && text.slice(end, to).trim() === '';
  return isAlone && !text.slice(start, end).includes('\n')
    ? { span: { start: from, end: to }, text: '' }
    : undefined;
}

/** The comparison with its sides exchanged. */
export function exchangeSides(
  source: Source,
  { left, right, operator, span }: Infix,
): Edit | undefined {
  const textOf = (part: Span): string => source.text.slice(part.start, part.end);
  const between = source.text.slice(left.span.end, right.span.start);
  // Parentheses belong to no span: where there are any, the edges do not meet.
  const isPlain =
    span.start === left.span.start && span.end === right.span.end && between.trim() === operator;
  return isPlain
    ? { span, text: `${textOf(right.span)} ${mirrored(operator)} ${textOf(left.span)}` }
    : undefined;
}
