/** Applies the edits of a language server as an editor does. */
import { makeTextMap, type PlaceRange } from '../../lang/server/document.ts';

export interface TextEdit {
  readonly range: PlaceRange;
  readonly newText: string;
}

/** The text after edits, all of which count in the text before. */
export function applyTextEdits(text: string, edits: readonly TextEdit[]): string {
  const { offsetAt } = makeTextMap(text);
  return edits
    .toSorted((left, right) => offsetAt(right.range.start) - offsetAt(left.range.start))
    .reduce(
      (before, { range, newText }) =>
        before.slice(0, offsetAt(range.start)) + newText + before.slice(offsetAt(range.end)),
      text,
    );
}
