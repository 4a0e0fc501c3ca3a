/** Findings of a text that was edited since: those the edit did not touch stand where their text stands now, until it is linted again. */
import type { Diagnostic } from '../diagnostic.ts';
import type { Source } from '../source.ts';
import { differenceOf } from './document.ts';

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
