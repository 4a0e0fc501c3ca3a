/** Code actions: the fix of each lint finding at a place, and all fixes of a document at once. */
import type { CodeAction } from 'vscode-languageserver';
import { applyEdits } from '../../lint/fix.ts';
import type { Finding } from '../../lint/lint.ts';
import type { Span } from '../../source.ts';
import type { PolicyDocument } from '../workspace.ts';

/** The kind of the action that makes every fix. */
export const FIX_ALL = 'source.fixAll';

/** What can be done in a span about the findings of a document; with kinds asked for, only those. */
export function codeActions(
  findings: readonly Finding[],
  document: PolicyDocument,
  within: Span,
  only: readonly string[] | undefined,
): readonly CodeAction[] {
  const { map, uri, source } = document;
  const isAsked = (kind: string): boolean =>
    only === undefined || only.some((one) => kind === one || kind.startsWith(`${one}.`));
  const fixable = findings.flatMap(({ diagnostic, fix }) =>
    fix === undefined ? [] : [{ diagnostic, fix }],
  );
  const actions: CodeAction[] = [];
  if (isAsked('quickfix'))
    for (const { diagnostic, fix } of fixable) {
      if (diagnostic.span.end < within.start || diagnostic.span.start > within.end) continue;
      const edits = [{ range: map.rangeOf(fix.span), newText: fix.text }];
      const title = diagnostic.help ?? diagnostic.message;
      actions.push({ title, kind: 'quickfix', edit: { changes: { [uri]: edits } } });
    }
  if (fixable.length > 0 && isAsked(FIX_ALL)) {
    const fixes = fixable.map(({ fix }) => fix);
    const { text, applied } = applyEdits(source.text, fixes);
    const range = map.rangeOf({ start: 0, end: source.text.length });
    actions.push({
      title: `make all ${applied} fixes of the linter`,
      kind: FIX_ALL,
      edit: { changes: { [uri]: [{ range, newText: text }] } },
    });
  }
  return actions;
}
