/**
 * Prints what stands in brackets: collections, comprehensions, arguments. Where the author broke the line, the lines stay as
 * they were grouped; else everything stays in one line where it fits.
 */
import type {
  ArrayComprehension,
  ArrayTerm,
  Body,
  ObjectComprehension,
  ObjectEntry,
  ObjectTerm,
  SetComprehension,
  SetTerm,
} from '../ast/nodes.ts';
import type { Span } from '../source.ts';
import {
  concat,
  type Doc,
  fill,
  group,
  HARD_LINE,
  ifBreak,
  indent,
  isForced,
  join,
  LINE,
  SOFT_LINE,
} from './document.ts';
import { breaksBetween, type Printer } from './printer.ts';
import { gatherPieces, type Piece, stackPieces, withTrailing } from './sequence.ts';

type Collection =
  | ArrayTerm
  | ObjectTerm
  | SetTerm
  | ArrayComprehension
  | SetComprehension
  | ObjectComprehension;

/** A collection or comprehension; `set()` is the empty set. */
export function printCollection(printer: Printer, term: Collection): Doc {
  const span = insideParentheses(printer, term.span);
  switch (term.kind) {
    case 'Array':
      return printList(printer, '[', term.items, ']', span, printer.term);
    case 'Object':
      return printList(printer, '{', term.entries, '}', span, (entry) =>
        printEntry(printer, entry),
      );
    case 'Set':
      return term.items.length === 0
        ? 'set()'
        : printList(printer, '{', term.items, '}', span, printer.term);
    case 'ArrayComprehension':
    case 'SetComprehension': {
      const [open, close] = term.kind === 'SetComprehension' ? ['{', '}'] : ['[', ']'];
      const head = printer.term(term.term);
      const headEnd = term.term.span.end;
      return printComprehension(printer, { open, head, headEnd, body: term.body, close, span });
    }
    case 'ObjectComprehension': {
      const head = concat(printer.term(term.key), ': ', printer.term(term.value));
      const { body, value } = term;
      const headEnd = value.span.end;
      return printComprehension(printer, { open: '{', head, headEnd, body, close: '}', span });
    }
  }
}

/**
 * Items between brackets. `span` is that of the list with its brackets. Not broken by the author and with an item that must
 * break, it hugs: `f({` ... `})`.
 */
export function printList<T extends { readonly span: Span }>(
  printer: Printer,
  open: string,
  items: readonly T[],
  close: string,
  span: Span,
  print: (item: T) => Doc,
): Doc {
  const broken = isBroken(printer, items, span);
  const pieces = gatherPieces(printer, items, span.start + 1, span.end - 1, print);
  if (pieces.length === 0) return `${open}${close}`;
  if (broken || pieces.some((piece) => piece.isComment || piece.trailing !== undefined)) {
    return concat(open, indent(concat(HARD_LINE, printRows(pieces))), HARD_LINE, close);
  }
  const docs = pieces.map((piece) => piece.doc);
  if (docs.some(isForced) || isLoneCollection(items)) return concat(open, join(', ', docs), close);
  return group(
    concat(
      open,
      indent(concat(SOFT_LINE, join(concat(',', LINE), docs))),
      ifBreak(',', ''),
      SOFT_LINE,
      close,
    ),
  );
}

/** A collection that is all there is between the brackets breaks in their place. */
function isLoneCollection(items: readonly object[]): boolean {
  const [item, ...others] = items;
  if (item === undefined || others.length > 0 || !('kind' in item)) return false;
  return item.kind === 'Object' || item.kind === 'Array' || item.kind === 'Set';
}

/** Whether the author broke the line before an item. */
function isBroken<T extends { readonly span: Span }>(
  printer: Printer,
  items: readonly T[],
  span: Span,
): boolean {
  let from = span.start;
  for (const item of items) {
    if (breaksBetween(printer, from, item.span.start)) return true;
    from = item.span.end;
  }
  return false;
}

/** Items that shared a line in the source share one again, as far as it is wide. */
function printRows(pieces: readonly Piece[]): Doc {
  const rows: { readonly docs: Doc[]; behind: string | undefined }[] = [];
  let isOpen = false;
  for (const piece of pieces) {
    const doc = piece.isComment ? piece.doc : concat(piece.doc, ',');
    const row = rows.at(-1);
    if (isOpen && row !== undefined && !piece.startsLine) {
      row.docs.push(doc);
      row.behind = piece.trailing;
    } else rows.push({ docs: [doc], behind: piece.trailing });
    isOpen = !piece.isComment && piece.trailing === undefined;
  }
  return join(
    HARD_LINE,
    rows.map(({ docs, behind }) =>
      withTrailing(docs.length === 1 ? concat(...docs) : fill(docs), behind),
    ),
  );
}

function printEntry(printer: Printer, entry: ObjectEntry): Doc {
  return concat(printer.term(entry.key), ': ', printer.term(entry.value));
}

interface Comprehension {
  readonly open: string;
  readonly head: Doc;
  /** Where the source of the head ends. */
  readonly headEnd: number;
  readonly body: Body;
  readonly close: string;
  readonly span: Span;
}

function printComprehension(printer: Printer, parts: Comprehension): Doc {
  const { open, head, body, close, span } = parts;
  const bar = afterBar(printer.text, parts.headEnd);
  const first = body.literals[0]?.span.start ?? bar;
  const start: Doc = breaksBetween(printer, bar, first) ? HARD_LINE : LINE;
  const lines = printLines(printer, body, bar, span.end - 1);
  return group(concat(open, head, ' |', indent(concat(start, lines)), SOFT_LINE, close));
}

/** The place behind the bar that follows the head of a comprehension; comments may stand before it. */
function afterBar(text: string, headEnd: number): number {
  let at = headEnd;
  while (at < text.length && text[at] !== '|') {
    const lineEnd = text[at] === '#' ? text.indexOf('\n', at) : at;
    at = (lineEnd === -1 ? text.length : lineEnd) + 1;
  }
  return at + 1;
}

/** The literals of a body, in lines of their own where the group around them breaks, else with `;` between them. */
export function printLines(printer: Printer, body: Body, start: number, end: number): Doc {
  const pieces = gatherPieces(printer, body.literals, start, end, printer.literal);
  const isStacked = pieces.some(
    (piece, at) => piece.isComment || piece.trailing !== undefined || (at > 0 && piece.startsLine),
  );
  if (isStacked) return stackPieces(pieces);
  return join(
    concat(ifBreak('', ';'), LINE),
    pieces.map((piece) => piece.doc),
  );
}

/** The span of a term without the parentheses around it. */
function insideParentheses(printer: Printer, span: Span): Span {
  let { start, end } = span;
  const { text } = printer;
  while (text[start] === '(') {
    start += 1;
    end -= 1;
    while (start < end && /\s/.test(text[start] ?? '')) start += 1;
    while (end > start && /\s/.test(text[end - 1] ?? '')) end -= 1;
  }
  return { start, end };
}
