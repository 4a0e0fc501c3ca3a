/**
 * Source texts and positions in them. A span is a half-open range of UTF-16 offsets; line and column are computed from it
 * when something is printed, never stored in a node.
 */

/** A policy text under the name it is reported with (a path relative to the policy root, or `<input>`). */
export interface Source {
  readonly name: string;
  readonly text: string;
}

/** Half-open range `[start, end)` of UTF-16 offsets. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** One-based line and column; the column counts UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Line and column of an offset; an offset past the end gives the position just after the last character. */
export function positionAt(source: Source, offset: number): Position {
  const end = Math.min(Math.max(offset, 0), source.text.length);
  let line = 1;
  let lineStart = 0;
  for (let at = source.text.indexOf('\n'); at !== -1 && at < end; ) {
    line += 1;
    lineStart = at + 1;
    at = source.text.indexOf('\n', lineStart);
  }
  return { line, column: end - lineStart + 1 };
}
