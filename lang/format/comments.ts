/**
 * Deals the comments of a module out to the places they belong to: before an item of a sequence, behind it in its line, or
 * at the end of the sequence. Every comment is handed out once; it must not change what a comment says.
 */
import type { Comment } from '../ast/nodes.ts';

/** The comments of one module, in source order, of which some have been printed. */
export class CommentShelf {
  readonly #text: string;
  readonly #comments: readonly Comment[];
  readonly #taken: boolean[];

  constructor(text: string, comments: readonly Comment[]) {
    this.#text = text;
    this.#comments = comments;
    this.#taken = comments.map(() => false);
  }

  /** The comments that begin in `[start, end)` and were not handed out before. */
  take(start: number, end: number): readonly Comment[] {
    const found: Comment[] = [];
    for (let at = this.#firstFrom(start); at < this.#comments.length; at += 1) {
      const comment = this.#comments[at];
      if (comment === undefined || comment.span.start >= end) break;
      if (this.#taken[at] === true) continue;
      this.#taken[at] = true;
      found.push(comment);
    }
    return found;
  }

  /** The comment in the line in which `start` lies, with nothing but separators between them, up to `end`. */
  takeTrailing(start: number, end: number): Comment | undefined {
    const at = this.#firstFrom(start);
    const comment = this.#comments[at];
    if (comment === undefined || comment.span.start >= end || this.#taken[at] === true)
      return undefined;
    if (!/^[ \t,;]*$/.test(this.#text.slice(start, comment.span.start))) return undefined;
    this.#taken[at] = true;
    return comment;
  }

  /** Whether a comment that was not handed out begins in `[start, end)`. */
  has(start: number, end: number): boolean {
    for (let at = this.#firstFrom(start); at < this.#comments.length; at += 1) {
      const comment = this.#comments[at];
      if (comment === undefined || comment.span.start >= end) return false;
      if (this.#taken[at] !== true) return true;
    }
    return false;
  }

  /** Binary search: a file may have thousands of comments, and every item asks. */
  #firstFrom(start: number): number {
    let low = 0;
    let high = this.#comments.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#comments[middle]?.span.start ?? 0) < start) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** A comment as it is written: the text is the author's, blanks at the end of its line are nobody's. */
export function printComment(comment: Comment): string {
  return `#${comment.text.trimEnd()}`;
}
