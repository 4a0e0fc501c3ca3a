/**
 * Code actions: the fix of each lint finding at a place, all fixes of a document at once, an ignore comment that waits for its reason, and
 * the name that was meant where a fault tells one.
 */
import type { CodeAction, TextEdit } from 'vscode-languageserver';
import type { Diagnostic } from '../../diagnostic.ts';
import { applyEdits } from '../../lint/fix.ts';
import type { Finding } from '../../lint/lint.ts';
import { parseModule } from '../../parse.ts';
import { positionAt, type Span } from '../../source.ts';
import type { PolicyDocument } from '../workspace.ts';

/** The kind of the action that makes every fix. */
export const FIX_ALL = 'source.fixAll';
const LINT = 'lint/';

/** What is known to be wrong with a document. */
export interface DocumentFaults {
  /** Of syntax, names and types. */
  readonly faults: readonly Diagnostic[];
  /** Of the linter. */
  readonly findings: readonly Finding[];
}

/** What can be done in a span about a document; with kinds asked for, only those. */
export function codeActions(
  { faults, findings }: DocumentFaults,
  document: PolicyDocument,
  within: Span,
  only: readonly string[] | undefined,
): readonly CodeAction[] {
  const { map, source } = document;
  const isAsked = (kind: string): boolean =>
    only === undefined || only.some((one) => kind === one || kind.startsWith(`${one}.`));
  const isHere = ({ span }: Diagnostic): boolean =>
    span.end >= within.start && span.start <= within.end;
  const fixable = findings.flatMap(({ diagnostic, fix }) =>
    fix === undefined ? [] : [{ diagnostic, fix }],
  );
  const actions: CodeAction[] = [];
  if (isAsked('quickfix')) {
    for (const { diagnostic, fix } of fixable)
      if (isHere(diagnostic)) {
        const title = diagnostic.help ?? diagnostic.message;
        actions.push(quickFix(document, title, map.rangeOf(fix.span), fix.text));
      }
    actions.push(
      ...[...faults, ...findings.flatMap((one) => (one.fix === undefined ? one.diagnostic : []))]
        .filter(isHere)
        .flatMap((fault) => renameToMeant(document, fault)),
      ...ignoreActions(document, findings.map(({ diagnostic }) => diagnostic).filter(isHere)),
    );
  }
  if (fixable.length > 0 && isAsked(FIX_ALL)) {
    const fixes = fixable.map(({ fix }) => fix);
    const { text, applied } = applyEdits(source.text, fixes);
    const range = map.rangeOf({ start: 0, end: source.text.length });
    const title = `make all ${applied} fixes of the linter`;
    actions.push({ ...quickFix(document, title, range, text), kind: FIX_ALL });
  }
  return actions;
}

function quickFix(
  { uri }: PolicyDocument,
  title: string,
  range: TextEdit['range'],
  newText: string,
): CodeAction {
  return { title, kind: 'quickfix', edit: { changes: { [uri]: [{ range, newText }] } } };
}

/** Where a fault stands on one name and its help tells another, that one. */
function renameToMeant(document: PolicyDocument, fault: Diagnostic): readonly CodeAction[] {
  const { map, source } = document;
  const meant = /^did you mean `(\w+)`/.exec(fault.help ?? '')?.[1];
  // The fault of a field stands on its dot too.
  const written = /^\.?(\w+)$/.exec(source.text.slice(fault.span.start, fault.span.end))?.[1];
  if (meant === undefined || written === undefined) return [];
  const title = `write \`${meant}\` instead of \`${written}\``;
  const range = map.rangeOf({ start: fault.span.end - written.length, end: fault.span.end });
  return [{ ...quickFix(document, title, range, meant), isPreferred: true }];
}

/**
 * A comment above the line of a finding, and above the comments that stand there: a METADATA block must stay whole. It ends where the
 * reason is to be written, and covers nothing until then.
 */
function ignoreActions(
  document: PolicyDocument,
  found: readonly Diagnostic[],
): readonly CodeAction[] {
  const { map, source } = document;
  const lines = source.text.split('\n');
  const titles = new Set<string>();
  return found.flatMap((finding) => {
    const rule = finding.code.slice(LINT.length);
    const title = `ignore \`${rule}\` here, for a reason to be written`;
    let line = positionAt(source, finding.span.start).line - 1;
    while (/^\s*#/.test(lines[line - 1] ?? '')) line -= 1;
    const key = `${rule}:${line}`;
    if (titles.has(key)) return [];
    titles.add(key);
    const indent = /^\s*/.exec(lines[line] ?? '')?.[0] ?? '';
    const at = { line, character: 0 };
    const comment = `${indent}# sallyport ignore: ${rule} because \n`;
    const offset = map.offsetAt(at);
    const text = source.text.slice(0, offset) + comment + source.text.slice(offset);
    // In the middle of a text of several lines it would be a part of the text.
    const { module } = parseModule({ name: source.name, text });
    if (!module?.comments.some(({ span }) => span.start === offset + indent.length)) return [];
    return [quickFix(document, title, { start: at, end: at }, comment)];
  });
}
