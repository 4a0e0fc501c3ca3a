/** The requests about documents that are answered, each by a file under `features/`. It puts their answers into the protocol's words. */
import {
  type Connection,
  type Location,
  ResponseError,
  type TextEdit,
} from 'vscode-languageserver';
import { formatSource } from '../format/format.ts';
import { codeActions } from './features/code-actions.ts';
import { complete } from './features/completion.ts';
import { definitionsAt } from './features/definition.ts';
import { hoverText } from './features/hover.ts';
import type { Occurrence } from './features/occurrence.ts';
import { highlightsAt, referencesAt } from './features/references.ts';
import { renameAt } from './features/rename.ts';
import { documentSymbols, workspaceSymbols } from './features/symbols.ts';
import type { ServerHost } from './ports.ts';
import type { Publisher } from './publisher.ts';
import type { PolicyDocument, Workspace } from './workspace.ts';

/** The code of a request that is understood and refused. */
const REQUEST_FAILED = -32803;

/** Answers requests from what the workspace holds. */
export function answerRequests(
  connection: Connection,
  host: ServerHost,
  workspace: Workspace,
  publisher: Publisher,
): void {
  const at = <T>(uri: string, answer: (document: PolicyDocument) => T): T | null => {
    const document = workspace.find(uri);
    return document === undefined ? null : answer(document);
  };
  connection.onCompletion(({ textDocument, position }) =>
    at(textDocument.uri, (document) => [
      ...complete(host, workspace, document, document.map.offsetAt(position)),
    ]),
  );
  connection.onHover(({ textDocument, position }) =>
    at(textDocument.uri, (document) => {
      const value = hoverText(host, workspace, document, document.map.offsetAt(position));
      return value === undefined ? null : { contents: { kind: 'markdown' as const, value } };
    }),
  );
  connection.onDefinition(({ textDocument, position }) =>
    at(textDocument.uri, (document) =>
      definitionsAt(workspace, document, document.map.offsetAt(position)).map(locationOf),
    ),
  );
  connection.onReferences(({ textDocument, position, context }) =>
    at(textDocument.uri, (document) => {
      const offset = document.map.offsetAt(position);
      return referencesAt(workspace, document, offset, context.includeDeclaration).map(locationOf);
    }),
  );
  connection.onDocumentHighlight(({ textDocument, position }) =>
    at(textDocument.uri, (document) =>
      highlightsAt(workspace, document, document.map.offsetAt(position)).map((found) => ({
        range: locationOf(found).range,
      })),
    ),
  );
  connection.onRenameRequest(({ textDocument, position, newName }) =>
    at(textDocument.uri, (document) => {
      const offset = document.map.offsetAt(position);
      const renaming = renameAt(host, workspace, document, offset, newName);
      if (renaming.kind === 'refused')
        return new ResponseError<void>(REQUEST_FAILED, renaming.reason);
      const changes: Record<string, TextEdit[]> = {};
      for (const { uri, range } of renaming.places.map(locationOf)) {
        const edits = changes[uri] ?? [];
        changes[uri] = edits;
        edits.push({ range, newText: newName });
      }
      return { changes };
    }),
  );
  connection.onDocumentSymbol(({ textDocument }) =>
    at(textDocument.uri, (document) => [...documentSymbols(document)]),
  );
  connection.onWorkspaceSymbol(({ query }) => [...workspaceSymbols(workspace, query)]);
  connection.onDocumentFormatting(({ textDocument }) =>
    at(textDocument.uri, ({ source, map }) => {
      const result = formatSource(source);
      if (result.kind !== 'formatted' || result.text === source.text) return [];
      return [{ range: map.rangeOf({ start: 0, end: source.text.length }), newText: result.text }];
    }),
  );
  connection.onCodeAction(({ textDocument, range, context }) =>
    at(textDocument.uri, (document) => {
      const { map } = document;
      const within = { start: map.offsetAt(range.start), end: map.offsetAt(range.end) };
      return [...codeActions(publisher.lint(document), document, within, context.only)];
    }),
  );
}

function locationOf({ document, span }: Pick<Occurrence, 'document' | 'span'>): Location {
  return { uri: document.uri, range: document.map.rangeOf(span) };
}
