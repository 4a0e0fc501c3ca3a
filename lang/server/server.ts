/**
 * The language server on a connection: the table of requests it answers. Each is a file under `features/`; what they need of the
 * world comes in by the host.
 */
import type { Connection, Diagnostic as Published } from 'vscode-languageserver';
import type { Diagnostic } from '../diagnostic.ts';
import { formatSource } from '../format/format.ts';
import { headName } from '../lint/lint-index.ts';
import { applyChanges } from './document.ts';
import { complete } from './features/completion.ts';
import { definitionsAt } from './features/definition.ts';
import { hoverText } from './features/hover.ts';
import type { ServerHost } from './ports.ts';
import { createWorkspace, type PolicyDocument } from './workspace.ts';

/** Milliseconds without a keystroke after which the linter runs. */
const LINT_DELAY_MS = 150;
const SEVERITY = { error: 1, warning: 2, info: 3 } as const;
/** Kinds of symbols, as the protocol numbers them. */
const SYMBOL = { function: 12, variable: 13 } as const;

/** Answers an editor until the connection ends. */
export function serve(connection: Connection, host: ServerHost): void {
  const workspace = createWorkspace(host);
  const open = new Set<string>();
  const sent = new Map<string, string>();
  let checking: ReturnType<typeof setTimeout> | undefined;
  let linting: ReturnType<typeof setTimeout> | undefined;

  const publish = (isLinted: boolean): void => {
    for (const document of workspace.documents.values()) {
      const found = [...workspace.diagnosticsOf(document)];
      if (isLinted && open.has(document.uri) && found.length === 0)
        found.push(...workspace.lint(document).map(({ diagnostic }) => diagnostic));
      const diagnostics = found.map((one) => toPublished(document, one));
      const text = JSON.stringify(diagnostics);
      if ((sent.get(document.uri) ?? '[]') === text && !open.has(document.uri)) continue;
      sent.set(document.uri, text);
      void connection.sendDiagnostics({ uri: document.uri, diagnostics });
    }
  };
  /** Keystrokes that wait already are taken together; lint waits for a pause. */
  const changed = (): void => {
    clearTimeout(checking);
    clearTimeout(linting);
    checking = setTimeout(() => publish(false), 0);
    linting = setTimeout(() => publish(true), LINT_DELAY_MS);
  };
  const at = <T>(uri: string, answer: (document: PolicyDocument) => T): T | null => {
    const document = workspace.documents.get(uri);
    return document === undefined ? null : answer(document);
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
        documentSymbolProvider: true,
        documentFormattingProvider: true,
        codeActionProvider: { codeActionKinds: ['quickfix', 'source.fixAll'] },
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
  connection.onDidCloseTextDocument(({ textDocument: { uri } }) => void open.delete(uri));
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
      definitionsAt(workspace, document, document.map.offsetAt(position)).map((found) => ({
        uri: found.document.uri,
        range: found.document.map.rangeOf(found.span),
      })),
    ),
  );
  connection.onDocumentSymbol(({ textDocument }) =>
    at(textDocument.uri, ({ module, moduleSource, source, map }) =>
      (moduleSource === source ? (module?.rules ?? []) : []).map((rule) => ({
        name: headName(rule),
        kind: rule.head.params === undefined ? SYMBOL.variable : SYMBOL.function,
        range: map.rangeOf(rule.span),
        selectionRange: map.rangeOf(rule.head.ref.span),
      })),
    ),
  );
  connection.onDocumentFormatting(({ textDocument }) =>
    at(textDocument.uri, ({ source, map }) => {
      const result = formatSource(source);
      if (result.kind !== 'formatted' || result.text === source.text) return [];
      return [{ range: map.rangeOf({ start: 0, end: source.text.length }), newText: result.text }];
    }),
  );
  connection.onCodeAction(({ textDocument, range }) =>
    at(textDocument.uri, (document) => {
      const { map, uri } = document;
      const [from, to] = [map.offsetAt(range.start), map.offsetAt(range.end)];
      return workspace.lint(document).flatMap(({ diagnostic, fix }) => {
        const { span } = diagnostic;
        if (fix === undefined || span.end < from || span.start > to) return [];
        const edits = [{ range: map.rangeOf(fix.span), newText: fix.text }];
        const title = diagnostic.help ?? diagnostic.message;
        return [{ title, kind: 'quickfix', edit: { changes: { [uri]: edits } } }];
      });
    }),
  );
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
