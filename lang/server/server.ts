/**
 * The language server on a connection: what it can do, and the texts an editor sends. What it needs of the world comes in by the host.
 */
import type { Connection, ServerCapabilities } from 'vscode-languageserver';
import { answerCommands } from './commands.ts';
import { applyChanges } from './document.ts';
import { FIX_ALL } from './features/code-actions.ts';
import { COMMANDS } from './features/code-lenses.ts';
import { TOKEN_MODIFIERS, TOKEN_TYPES } from './features/semantic-tokens.ts';
import type { ServerHost } from './ports.ts';
import { createPublisher } from './publisher.ts';
import { answerRequests } from './requests.ts';
import { createWorkspace } from './workspace.ts';

const CAPABILITIES: ServerCapabilities = {
  textDocumentSync: { openClose: true, change: 2 },
  completionProvider: { triggerCharacters: ['.'], resolveProvider: true },
  hoverProvider: true,
  definitionProvider: true,
  referencesProvider: true,
  renameProvider: true,
  documentHighlightProvider: true,
  documentLinkProvider: {},
  documentSymbolProvider: true,
  workspaceSymbolProvider: true,
  documentFormattingProvider: true,
  documentRangeFormattingProvider: true,
  codeActionProvider: { codeActionKinds: ['quickfix', FIX_ALL] },
  codeLensProvider: {},
  executeCommandProvider: { commands: Object.values(COMMANDS) },
  signatureHelpProvider: { triggerCharacters: ['(', ','] },
  foldingRangeProvider: true,
  selectionRangeProvider: true,
  inlayHintProvider: true,
  semanticTokensProvider: {
    legend: { tokenTypes: [...TOKEN_TYPES], tokenModifiers: [...TOKEN_MODIFIERS] },
    full: true,
    range: true,
  },
};

/** Answers an editor until the connection ends. */
export function serve(connection: Connection, host: ServerHost): void {
  const workspace = createWorkspace(host);
  const publisher = createPublisher(connection, host, workspace);

  let showsOutcome = false;

  connection.onInitialize(({ workspaceFolders, rootUri, initializationOptions }) => {
    showsOutcome = isAskedToLeaveOutcomes(initializationOptions);
    const folders = workspaceFolders?.map(({ uri }) => uri) ?? (rootUri ? [rootUri] : []);
    for (const folder of folders)
      for (const { uri, text } of host.readFolder(folder)) workspace.put(uri, text);
    return { serverInfo: { name: 'sallyport' }, capabilities: CAPABILITIES };
  });
  connection.onInitialized(() => publisher.changed());
  connection.onDidOpenTextDocument(({ textDocument: { uri, text, version } }) => {
    publisher.opened(uri, version);
    workspace.put(uri, text);
    publisher.changed(uri);
  });
  connection.onDidChangeTextDocument(({ textDocument: { uri, version }, contentChanges }) => {
    const text = workspace.textOf(uri);
    const known = publisher.versionOf(uri);
    if (text === undefined || known === undefined) return;
    // Changes count in the text of the version before them: of an older one they would make what nobody wrote.
    if (version < known && contentChanges.some((change) => 'range' in change)) return;
    publisher.opened(uri, version);
    workspace.put(uri, applyChanges(text, contentChanges));
    publisher.changed(uri);
  });
  /** A file that no editor has open is what the disk says it is. */
  const refresh = (uri: string): void => {
    const text = host.readFile(uri);
    if (text !== undefined) {
      workspace.put(uri, text);
      return;
    }
    workspace.remove(uri);
    publisher.removed(uri);
  };
  connection.onDidCloseTextDocument(({ textDocument: { uri } }) => {
    publisher.closed(uri);
    refresh(uri);
    publisher.changed();
  });
  connection.onDidChangeWatchedFiles(({ changes }) => {
    for (const { uri } of changes) if (isPolicy(uri) && !publisher.isOpen(uri)) refresh(uri);
    publisher.changed();
  });
  answerRequests(connection, host, workspace, publisher);
  answerCommands(connection, host, workspace, () => showsOutcome);
  connection.onShutdown(() => publisher.stop());
  connection.listen();
}

function isPolicy(uri: string): boolean {
  return /\.(?:policy|rego)$/.test(uri);
}

/** An editor with a place of its own for what commands come to says so by `showsOutcome`. */
function isAskedToLeaveOutcomes(options: unknown): boolean {
  return (
    typeof options === 'object' &&
    options !== null &&
    'showsOutcome' in options &&
    options.showsOutcome === true
  );
}
