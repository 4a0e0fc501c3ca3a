/** The text of one open or indexed file, and places in it as the protocol counts them: zero-based lines, UTF-16 units. */
import type { Span } from '../source.ts';

export interface Place {
  readonly line: number;
  readonly character: number;
}

export interface PlaceRange {
  readonly start: Place;
  readonly end: Place;
}

/** A change as an editor sends it; without a range it is the whole text. */
export interface TextChange {
  readonly range?: PlaceRange;
  readonly text: string;
}

export interface TextMap {
  placeAt(offset: number): Place;
  offsetAt(place: Place): number;
  rangeOf(span: Span): PlaceRange;
}

/** Finds places in a text; a place past the end of a line or of the text is the nearest that exists. */
export function makeTextMap(text: string): TextMap {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  const placeAt = (offset: number): Place => {
    let [low, high] = [0, starts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low, character: Math.min(offset, text.length) - (starts[low] ?? 0) };
  };
  return {
    placeAt,
    offsetAt({ line, character }) {
      const start = starts[line];
      if (start === undefined) return text.length;
      const end = (starts[line + 1] ?? text.length + 1) - 1;
      return Math.min(start + character, end);
    },
    rangeOf: ({ start, end }) => ({ start: placeAt(start), end: placeAt(end) }),
  };
}

/** The text after changes, each of which counts in the text the one before it left. */
export function applyChanges(text: string, changes: readonly TextChange[]): string {
  return changes.reduce((before, { range, text: inserted }) => {
    if (range === undefined) return inserted;
    const map = makeTextMap(before);
    return (
      before.slice(0, map.offsetAt(range.start)) + inserted + before.slice(map.offsetAt(range.end))
    );
  }, text);
}

/** The part of a text that another does not have in its place, as a span of the first. */
export function differenceOf(before: string, after: string): Span {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start += 1;
  let same = 0;
  while (same < shorter - start && before.at(-1 - same) === after.at(-1 - same)) same += 1;
  return { start, end: before.length - same };
}
