/** Symbols: the rules of a document, and those of the workspace by a part of their name. */
import type { DocumentSymbol, SymbolInformation } from 'vscode-languageserver';
import { headName } from '../../lint/lint-index.ts';
import type { PolicyDocument, Workspace } from '../workspace.ts';

/** Kinds of symbols, as the protocol numbers them. */
const SYMBOL = { function: 12, variable: 13 } as const;
/** Symbols an editor is given for one query. */
const MAX_SYMBOLS = 500;

/** The rules of a document; none while its text has faults of syntax. */
export function documentSymbols(document: PolicyDocument): readonly DocumentSymbol[] {
  const { module, moduleSource, source, map } = document;
  if (module === undefined || moduleSource !== source) return [];
  return module.rules.map((rule) => ({
    name: headName(rule),
    kind: rule.head.params === undefined ? SYMBOL.variable : SYMBOL.function,
    range: map.rangeOf(rule.span),
    selectionRange: map.rangeOf(rule.head.ref.span),
  }));
}

/** Rules whose name with their package holds the letters of a query in order. */
export function workspaceSymbols(
  workspace: Workspace,
  query: string,
): readonly SymbolInformation[] {
  const found: SymbolInformation[] = [];
  for (const document of workspace.documents.values()) {
    const containerName = document.module?.package.path.join('.') ?? '';
    for (const { name, kind, selectionRange: range } of documentSymbols(document)) {
      if (!holdsInOrder(`${containerName}.${name}`.toLowerCase(), query.toLowerCase())) continue;
      found.push({ name, kind, containerName, location: { uri: document.uri, range } });
      if (found.length >= MAX_SYMBOLS) return found;
    }
  }
  return found;
}

function holdsInOrder(text: string, letters: string): boolean {
  let at = -1;
  return [...letters].every((letter) => {
    at = text.indexOf(letter, at + 1);
    return at !== -1;
  });
}
