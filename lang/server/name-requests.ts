/** The requests about names: definition, references, highlights and rename, in the protocol's words. */
import {
  type Connection,
  type Location,
  ResponseError,
  type TextDocumentPositionParams,
  type TextEdit,
} from 'vscode-languageserver';
import { definitionsAt } from './features/definition.ts';
import type { Occurrence } from './features/occurrence.ts';
import { highlightsAt, referencesAt } from './features/references.ts';
import { renameAt } from './features/rename.ts';
import type { ServerHost } from './ports.ts';
import type { PolicyDocument, Workspace } from './workspace.ts';

/** The code of a request that is understood and refused. */
const REQUEST_FAILED = -32803;

/** Answers them from what the workspace holds. */
export function answerNameRequests(
  connection: Connection,
  host: ServerHost,
  workspace: Workspace,
): void {
  const at = <T>(
    { textDocument, position }: TextDocumentPositionParams,
    answer: (document: PolicyDocument, offset: number) => T,
  ): T | null => {
    const document = workspace.find(textDocument.uri);
    return document === undefined ? null : answer(document, document.map.offsetAt(position));
  };
  connection.onDefinition((params) =>
    at(params, (document, offset) => definitionsAt(workspace, document, offset).map(locationOf)),
  );
  connection.onReferences((params) =>
    at(params, (document, offset) => {
      const { includeDeclaration } = params.context;
      return referencesAt(workspace, document, offset, includeDeclaration).map(locationOf);
    }),
  );
  connection.onDocumentHighlight((params) =>
    at(params, (document, offset) =>
      highlightsAt(workspace, document, offset).map((found) => ({
        range: locationOf(found).range,
      })),
    ),
  );
  connection.onRenameRequest((params) =>
    at(params, (document, offset) => {
      const { newName } = params;
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
}

function locationOf({ document, span }: Pick<Occurrence, 'document' | 'span'>): Location {
  return { uri: document.uri, range: document.map.rangeOf(span) };
}
