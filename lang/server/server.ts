/**
 * The language server on a connection: what it can do, the texts an editor sends, and the diagnostics it is told. What it needs of
 * the world comes in by the host.
 */
import type { Connection, Diagnostic as Published } from 'vscode-languageserver';
import type { Diagnostic } from '../diagnostic.ts';
import { applyChanges } from './document.ts';
import { FIX_ALL } from './features/code-actions.ts';
import type { ServerHost } from './ports.ts';
import { answerRequests } from './requests.ts';
import { createWorkspace, type PolicyDocument } from './workspace.ts';

/** Milliseconds without a keystroke after which the linter runs. */
const LINT_DELAY_MS = 150;
const SEVERITY = { error: 1, warning: 2, info: 3 } as const;

/** Answers an editor until the connection ends. */
export function serve(connection: Connection, host: ServerHost): void {
  const workspace = createWorkspace(host);
  const open = new Set<string>();
  const sent = new Map<string, string>();
  let lintFault: string | undefined;
  let checking: ReturnType<typeof setTimeout> | undefined;
  let linting: ReturnType<typeof setTimeout> | undefined;

  const publish = (isLinted: boolean): void => {
    for (const document of workspace.documents.values()) {
      const found = [...workspace.diagnosticsOf(document)];
      if (isLinted && open.has(document.uri) && found.length === 0)
        found.push(...lintFindings(document));
      const diagnostics = found.map((one) => toPublished(document, one));
      const text = JSON.stringify(diagnostics);
      if ((sent.get(document.uri) ?? '[]') === text && !open.has(document.uri)) continue;
      sent.set(document.uri, text);
      void connection.sendDiagnostics({ uri: document.uri, diagnostics });
    }
  };
  /** A configuration of the linter that cannot be read is told once, and the rest of the server goes on. */
  const lintFindings = (document: PolicyDocument): readonly Diagnostic[] => {
    try {
      const found = workspace.lint(document).map(({ diagnostic }) => diagnostic);
      lintFault = undefined;
      return found;
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (message !== lintFault) connection.window.showErrorMessage(message);
      lintFault = message;
      return [];
    }
  };
  /** Keystrokes that wait already are taken together; lint waits for a pause. */
  const changed = (): void => {
    clearTimeout(checking);
    clearTimeout(linting);
    checking = setTimeout(() => publish(false), 0);
    linting = setTimeout(() => publish(true), LINT_DELAY_MS);
  };
  connection.onInitialize(({ workspaceFolders, rootUri }) => {
    const folders = workspaceFolders?.map(({ uri }) => uri) ?? (rootUri ? [rootUri] : []);
    for (const folder of folders)
      for (const { uri, text } of host.readFolder(folder)) workspace.put(uri, text);
    return {
      serverInfo: { name: 'sallyport' },
      capabilities: {
        textDocumentSync: { openClose: true, change: 2 },
        completionProvider: { triggerCharacters: ['.'] },
        hoverProvider: true,
        definitionProvider: true,
        referencesProvider: true,
        renameProvider: true,
        documentHighlightProvider: true,
        documentSymbolProvider: true,
        workspaceSymbolProvider: true,
        documentFormattingProvider: true,
        codeActionProvider: { codeActionKinds: ['quickfix', FIX_ALL] },
      },
    };
  });
  connection.onInitialized(changed);
  connection.onDidOpenTextDocument(({ textDocument: { uri, text } }) => {
    open.add(uri);
    workspace.put(uri, text);
    changed();
  });
  connection.onDidChangeTextDocument(({ textDocument: { uri }, contentChanges }) => {
    const document = workspace.documents.get(uri);
    if (document === undefined) return;
    workspace.put(uri, applyChanges(document.source.text, contentChanges));
    changed();
  });
  /** A file that no editor has open is what the disk says it is. */
  const refresh = (uri: string): void => {
    const text = host.readFile(uri);
    if (text === undefined) {
      workspace.remove(uri);
      sent.delete(uri);
      void connection.sendDiagnostics({ uri, diagnostics: [] });
    } else workspace.put(uri, text);
  };
  connection.onDidCloseTextDocument(({ textDocument: { uri } }) => {
    open.delete(uri);
    refresh(uri);
    changed();
  });
  connection.onDidChangeWatchedFiles(({ changes }) => {
    for (const { uri } of changes) if (!open.has(uri)) refresh(uri);
    changed();
  });
  answerRequests(connection, host, workspace);
  connection.onShutdown(() => {
    clearTimeout(checking);
    clearTimeout(linting);
  });
  connection.listen();
}

function toPublished({ map }: PolicyDocument, diagnostic: Diagnostic): Published {
  const { code, severity, message, help, span } = diagnostic;
  return {
    range: map.rangeOf(span),
    severity: SEVERITY[severity],
    code,
    source: 'sallyport',
    message: help === undefined ? message : `${message}\nhelp: ${help}`,
  };
}
