/**
 * What the printers of the node families share: the source, its comments, and each other. It holds no layout.
 */
import type { Body, Literal, Rule, Term } from '../ast/nodes.ts';
import type { Span } from '../source.ts';
import type { CommentShelf } from './comments.ts';
import type { Doc } from './document.ts';
import type { SequenceSource } from './sequence.ts';

/** The printers by family, so that they need not import each other in a circle. */
export interface Printer extends SequenceSource {
  readonly text: string;
  readonly comments: CommentShelf;
  readonly term: (term: Term) => Doc;
  readonly literal: (literal: Literal) => Doc;
  /** `{ ... }` with the literals of the body. */
  readonly block: (body: Body) => Doc;
  readonly rule: (rule: Rule) => Doc;
}

/** Whether a line of the source ends between two places. */
export function breaksBetween({ text }: Printer, start: number, end: number): boolean {
  const at = text.indexOf('\n', start);
  return at !== -1 && at < end;
}

/** The text a node was written with. */
export function textOf({ text }: Printer, span: Span): string {
  return text.slice(span.start, span.end);
}
