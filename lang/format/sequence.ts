/**
 * Sequences of items with comments between them: the statements of a module, the literals of a body, the items of a
 * collection. A comment inside an item that no inner sequence holds is moved before the item.
 */
import type { Comment } from '../ast/nodes.ts';
import type { Span } from '../source.ts';
import { type CommentShelf, printComment } from './comments.ts';
import { concat, type Doc, HARD_LINE, trailing } from './document.ts';

/** An item, or a comment on a line of its own. */
export interface Piece {
  readonly doc: Doc;
  readonly isComment: boolean;
  /** The comment behind it in its line. */
  readonly trailing: string | undefined;
  /** It began a line in the source. */
  readonly startsLine: boolean;
  /** A blank line stood before it in the source. */
  readonly afterBlank: boolean;
}

export interface SequenceSource {
  readonly text: string;
  readonly comments: CommentShelf;
}

/** The pieces between `start` and `end` of the source, `start` being behind the bracket or word that opens the sequence. */
export function gatherPieces<T extends { readonly span: Span }>(
  { text, comments }: SequenceSource,
  items: readonly T[],
  start: number,
  end: number,
  print: (item: T) => Doc,
): readonly Piece[] {
  const pieces: Piece[] = [];
  let from = start;
  const add = (doc: Doc, span: Span, isComment: boolean, behind: Comment | undefined): void => {
    const between = text.slice(from, span.start);
    pieces.push({
      doc,
      isComment,
      trailing: behind && printComment(behind),
      startsLine: between.includes('\n'),
      afterBlank: /\n[ \t\r]*\n/.test(between),
    });
    from = behind?.span.end ?? span.end;
  };
  for (const [at, item] of items.entries()) {
    const leading = comments.take(from, item.span.start);
    const doc = print(item);
    const moved = comments.take(item.span.start, item.span.end);
    // Moved ones stand first: a METADATA block must stay whole and touch what it describes.
    for (const comment of moved) {
      const { start: before } = (leading[0] ?? item).span;
      add(printComment(comment), { start: before, end: before }, true, undefined);
    }
    for (const comment of leading) add(printComment(comment), comment.span, true, undefined);
    const next = items[at + 1]?.span.start ?? end;
    add(doc, item.span, false, comments.takeTrailing(item.span.end, next));
  }
  for (const comment of comments.take(from, end))
    add(printComment(comment), comment.span, true, undefined);
  return pieces;
}

/** A document with the comment behind it in its line. */
export function withTrailing(doc: Doc, comment: string | undefined): Doc {
  return comment === undefined ? doc : concat(doc, trailing(` ${comment}`));
}

/** Every piece on its own line, at most one blank line between two. */
export function stackPieces(pieces: readonly Piece[]): Doc {
  return concat(
    ...pieces.flatMap((piece, at) => {
      const doc = withTrailing(piece.doc, piece.trailing);
      if (at === 0) return [doc];
      const breaks = piece.afterBlank ? [HARD_LINE, HARD_LINE] : [HARD_LINE];
      return [...breaks, doc];
    }),
  );
}
