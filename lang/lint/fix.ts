/**
 * Applies the edits of findings to a text. Edits that overlap one applied before are left for the next run.
 */
import type { Edit } from './rule.ts';

/** The text after the edits, and how many were made. */
export function applyEdits(
  text: string,
  edits: readonly Edit[],
): { readonly text: string; readonly applied: number } {
  const ordered = [...edits].sort((left, right) => left.span.start - right.span.start);
  let output = '';
  let end = 0;
  let applied = 0;
  for (const edit of ordered) {
    if (edit.span.start < end) continue;
    output += text.slice(end, edit.span.start) + edit.text;
    end = edit.span.end;
    applied += 1;
  }
  return { text: output + text.slice(end), applied };
}
