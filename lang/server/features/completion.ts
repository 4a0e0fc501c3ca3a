/** Completion: fields of the input with their descriptions, builtins, rules of the package, keywords. */
import type { CompletionItem } from 'vscode-languageserver';
import { headName } from '../../lint/lint-index.ts';
import type { ServerHost } from '../ports.ts';
import type { PolicyDocument, Workspace } from '../workspace.ts';
import { KEYWORD_NAMES } from './keywords.ts';
import { inputPathOf, nameBefore } from './place.ts';

/** Kinds of items, as the protocol numbers them. */
const KIND = { function: 3, field: 5, variable: 6, keyword: 14 } as const;

/** What may stand at an offset. The editor filters by what is typed already. */
export function complete(
  host: ServerHost,
  workspace: Workspace,
  document: PolicyDocument,
  offset: number,
): readonly CompletionItem[] {
  const typed = nameBefore(document, offset);
  const dot = typed.lastIndexOf('.');
  if (dot !== -1) {
    const before = typed.slice(0, dot);
    const path = inputPathOf(document, offset, before);
    const fields = path === undefined ? undefined : host.describeInput(path)?.fields;
    if (fields !== undefined)
      return [...fields].map(([label, documentation]) => ({
        label,
        documentation,
        kind: KIND.field,
      }));
    return builtins(host)
      .filter(({ label }) => label.startsWith(`${before}.`))
      .map((item) => ({ ...item, label: item.label.slice(before.length + 1) }));
  }
  const own = document.module?.package.path.join('.');
  const rules = new Set(
    [...workspace.documents.values()]
      .filter(({ module }) => module?.package.path.join('.') === own)
      .flatMap(({ module }) => module?.rules.map(headName) ?? []),
  );
  return [
    ...['input', 'data', ...rules].map((label) => ({ label, kind: KIND.variable })),
    ...builtins(host),
    ...KEYWORD_NAMES.map((label) => ({ label, kind: KIND.keyword })),
  ];
}

function builtins(host: ServerHost): readonly CompletionItem[] {
  return [...host.checkOptions.builtins.keys()]
    .filter((name) => !name.startsWith('internal.'))
    .map((label) => ({ label, kind: KIND.function }));
}
