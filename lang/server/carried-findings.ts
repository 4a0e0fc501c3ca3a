/** Findings of a text that was edited since: those the edit did not touch stand where their text stands now, until it is linted again. */
import type { Diagnostic } from '../diagnostic.ts';
import type { Source, Span } from '../source.ts';

/** The findings that lie before or after what is not the same in both texts. */
export function carryFindings(
  findings: readonly Diagnostic[],
  before: Source,
  after: Source,
): readonly Diagnostic[] {
  if (before.text === after.text || findings.length === 0) return findings;
  const { start, end } = differenceOf(before.text, after.text);
  const by = after.text.length - before.text.length;
  return findings.flatMap((finding) => {
    const { span } = finding;
    if (span.end <= start) return [finding];
    if (span.start < end) return [];
    return [{ ...finding, span: { start: span.start + by, end: span.end + by } }];
  });
}

/** What of `before` is not in `after`, as one span. */
function differenceOf(before: string, after: string): Span {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start += 1;
  let same = 0;
  while (same < shorter - start && before.at(-1 - same) === after.at(-1 - same)) same += 1;
  return { start, end: before.length - same };
}
