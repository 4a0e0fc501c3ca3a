/** The requests about documents that are answered, each by a file under `features/`. It puts their answers into the protocol's words. */
import type { Connection } from 'vscode-languageserver';
import type { PlaceRange } from './document.ts';
import { codeActions } from './features/code-actions.ts';
import { codeLenses } from './features/code-lenses.ts';
import { complete, withDescription } from './features/completion.ts';
import { documentLinks } from './features/document-links.ts';
import { foldingRanges } from './features/folding.ts';
import { formattingEdits, rangeFormattingEdits } from './features/formatting.ts';
import { hoverText } from './features/hover.ts';
import { inlayHints } from './features/inlay-hints.ts';
import { selectionRange } from './features/selection.ts';
import { semanticTokens } from './features/semantic-tokens.ts';
import { signatureHelp } from './features/signature-help.ts';
import { documentSymbols, workspaceSymbols } from './features/symbols.ts';
import { answerNameRequests } from './name-requests.ts';
import type { ServerHost } from './ports.ts';
import type { Publisher } from './publisher.ts';
import type { PolicyDocument, Workspace } from './workspace.ts';

/** Answers requests from what the workspace holds. */
export function answerRequests(
  connection: Connection,
  host: ServerHost,
  workspace: Workspace,
  publisher: Publisher,
): void {
  const at = <T>({ uri }: { uri: string }, answer: (document: PolicyDocument) => T): T | null => {
    const document = workspace.find(uri);
    return document === undefined ? null : answer(document);
  };
  const spanOf = ({ map }: PolicyDocument, { start, end }: PlaceRange) => ({
    start: map.offsetAt(start),
    end: map.offsetAt(end),
  });
  connection.onCompletion(({ textDocument, position }) =>
    at(textDocument, (document) => [
      ...complete(host, workspace, document, document.map.offsetAt(position)),
    ]),
  );
  connection.onCompletionResolve((item) => withDescription(host, item));
  connection.onDocumentLinks(({ textDocument }) =>
    at(textDocument, (document) => [...documentLinks(host, workspace, document)]),
  );
  connection.onHover(({ textDocument, position }) =>
    at(textDocument, (document) => {
      const value = hoverText(host, workspace, document, document.map.offsetAt(position));
      return value === undefined ? null : { contents: { kind: 'markdown' as const, value } };
    }),
  );
  connection.onSignatureHelp(({ textDocument, position }) =>
    at(
      textDocument,
      (document) =>
        signatureHelp(host, workspace, document, document.map.offsetAt(position)) ?? null,
    ),
  );
  answerNameRequests(connection, host, workspace);
  connection.onDocumentSymbol(({ textDocument }) =>
    at(textDocument, (document) => [...documentSymbols(document)]),
  );
  connection.onWorkspaceSymbol(({ query }) => [...workspaceSymbols(workspace, query)]);
  connection.onDocumentFormatting(({ textDocument }) =>
    at(textDocument, (document) => [...formattingEdits(document)]),
  );
  connection.onDocumentRangeFormatting(({ textDocument, range }) =>
    at(textDocument, (document) => [...rangeFormattingEdits(document, spanOf(document, range))]),
  );
  connection.onCodeAction(({ textDocument, range, context }) =>
    at(textDocument, (document) => {
      const within = spanOf(document, range);
      const known = {
        faults: workspace.diagnosticsOf(document),
        findings: publisher.lint(document),
      };
      return [...codeActions(known, document, within, context.only)];
    }),
  );
  connection.onCodeLens(({ textDocument }) =>
    at(textDocument, (document) => [...codeLenses(host, document)]),
  );
  connection.onFoldingRanges(({ textDocument }) =>
    at(textDocument, (document) => [...foldingRanges(document)]),
  );
  connection.onSelectionRanges(({ textDocument, positions }) =>
    at(textDocument, (document) =>
      positions.map((position) => selectionRange(document, document.map.offsetAt(position))),
    ),
  );
  connection.languages.inlayHint.on(({ textDocument, range }) =>
    at(textDocument, (document) => [
      ...inlayHints(host, workspace, document, spanOf(document, range)),
    ]),
  );
  const tokens = (document: PolicyDocument, within: { start: number; end: number }) => ({
    data: semanticTokens(host, workspace, document, within),
  });
  connection.languages.semanticTokens.on(
    ({ textDocument }) =>
      at(textDocument, (document) =>
        tokens(document, { start: 0, end: document.source.text.length }),
      ) ?? { data: [] },
  );
  connection.languages.semanticTokens.onRange(
    ({ textDocument, range }) =>
      at(textDocument, (document) => tokens(document, spanOf(document, range))) ?? { data: [] },
  );
}
