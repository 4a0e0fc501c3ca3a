/**
 * The diagnostics an editor is told, in three stages after an edit: the document with those that can say something of it, at once; the
 * findings of the linter, when the typing pauses; everything in the workspace, a little later. An edit begins them anew.
 */
import type { Connection, Diagnostic as Published } from 'vscode-languageserver';
import type { Diagnostic } from '../diagnostic.ts';
import type { Finding } from '../lint/lint.ts';
import type { Source } from '../source.ts';
import { carryFindings } from './carried-findings.ts';
import type { PolicyDocument, Workspace } from './workspace.ts';

/** Milliseconds without a keystroke after which the linter runs. */
const LINT_DELAY_MS = 150;
/** Milliseconds without a keystroke after which the whole workspace is checked. */
const WHOLE_DELAY_MS = 500;
const SEVERITY = { error: 1, warning: 2, info: 3 } as const;
/** The type of a message about an error, as the protocol numbers it. */
const ERROR_MESSAGE = 1;
/** The tag of text that can go, as the protocol numbers it. */
const UNNECESSARY = 1;

export interface Publisher {
  /** A document has a text of that version in an editor. */
  opened(uri: string, version: number): void;
  /** No editor has it open; what it is now is told with the rest. */
  closed(uri: string): void;
  isOpen(uri: string): boolean;
  versionOf(uri: string): number | undefined;
  /** Its text, or some other file, has changed. */
  changed(uri?: string): void;
  /** It is gone. */
  removed(uri: string): void;
  /** Findings of the linter; none where its configuration cannot be read, which is told. */
  lint(document: PolicyDocument): readonly Finding[];
  stop(): void;
}

interface Linted {
  readonly source: Source;
  readonly findings: readonly Diagnostic[];
}

export function createPublisher(connection: Connection, workspace: Workspace): Publisher {
  const open = new Map<string, number>();
  const touched = new Set<string>();
  const sent = new Map<string, string>();
  const linted = new Map<string, Linted>();
  let lintFault: string | undefined;
  let timers: ReturnType<typeof setTimeout>[] = [];
  let walking: ReturnType<typeof setImmediate> | undefined;

  const send = (document: PolicyDocument, isAsked: boolean): void => {
    const { uri, source } = document;
    const known = open.has(uri) ? linted.get(uri) : undefined;
    const found = [
      ...workspace.diagnosticsOf(document),
      ...(known === undefined ? [] : carryFindings(known.findings, known.source, source)),
    ];
    const diagnostics = found.map((one) => toPublished(workspace, document, one));
    const text = JSON.stringify(diagnostics);
    if (!isAsked && (sent.get(uri) ?? '[]') === text) return;
    sent.set(uri, text);
    const version = open.get(uri);
    const params = version === undefined ? { uri } : { uri, version };
    void connection.sendDiagnostics({ ...params, diagnostics });
  };
  /** A configuration of the linter that cannot be read is told once, and the rest of the server goes on. */
  const guarded = <T>(work: () => T, otherwise: T): T => {
    try {
      const done = work();
      lintFault = undefined;
      return done;
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (message !== lintFault)
        void connection.sendNotification('window/showMessage', { type: ERROR_MESSAGE, message });
      lintFault = message;
      return otherwise;
    }
  };
  const openDocuments = (): readonly PolicyDocument[] =>
    [...open.keys()].flatMap((uri) => workspace.find(uri) ?? []);

  const sendTouched = (): void => {
    for (const uri of touched) {
      const document = workspace.find(uri);
      if (document !== undefined && open.has(uri)) send(document, true);
    }
    touched.clear();
  };
  /** Lints documents one after the other, giving way to the editor between steps. */
  const lintEach = ([document, ...others]: readonly PolicyDocument[]): void => {
    if (document === undefined) return;
    if (workspace.diagnosticsOf(document).length > 0) {
      walking = setImmediate(lintEach, others);
      return;
    }
    const steps = workspace.lintInSteps(document);
    const walk = (): void => {
      const nothing = { done: true, value: [] } as const;
      const step = guarded(() => steps.next(), nothing);
      if (step.done !== true) {
        walking = setImmediate(walk);
        return;
      }
      const findings = step.value.map(({ diagnostic }) => diagnostic);
      linted.set(document.uri, { source: document.source, findings });
      send(document, false);
      walking = setImmediate(lintEach, others);
    };
    walk();
  };
  const sendWhole = (): void => {
    workspace.check();
    for (const document of workspace.documents.values()) send(document, false);
    lintEach(openDocuments());
  };
  const halt = (): void => {
    for (const timer of timers) clearTimeout(timer);
    timers = [];
    clearImmediate(walking);
  };

  return {
    opened(uri, version) {
      open.set(uri, version);
    },
    closed(uri) {
      open.delete(uri);
      linted.delete(uri);
    },
    isOpen: (uri) => open.has(uri),
    versionOf: (uri) => open.get(uri),
    changed(uri) {
      halt();
      if (uri !== undefined) touched.add(uri);
      const isTyped = (document: PolicyDocument): boolean => document.uri === uri;
      timers = [
        setTimeout(sendTouched, 0),
        setTimeout(() => lintEach(openDocuments().filter(isTyped)), LINT_DELAY_MS),
        setTimeout(sendWhole, WHOLE_DELAY_MS),
      ];
    },
    removed(uri) {
      sent.delete(uri);
      void connection.sendDiagnostics({ uri, diagnostics: [] });
    },
    lint: (document) => guarded(() => workspace.lint(document), []),
    stop: halt,
  };
}

function toPublished(
  workspace: Workspace,
  { map }: PolicyDocument,
  diagnostic: Diagnostic,
): Published {
  const { code, severity, message, help, span, related = [] } = diagnostic;
  const places = related.flatMap(({ source, span: place, message: says }) => {
    const other = workspace.documents.get(source.name);
    if (other === undefined) return [];
    return [{ location: { uri: other.uri, range: other.map.rangeOf(place) }, message: says }];
  });
  return {
    range: map.rangeOf(span),
    severity: SEVERITY[severity],
    code,
    source: 'sallyport',
    message: help === undefined ? message : `${message}\nhelp: ${help}`,
    ...(places.length === 0 ? {} : { relatedInformation: places }),
    ...(/^lint\/.*\/(unused|redundant)-/.test(code) ? { tags: [UNNECESSARY] } : {}),
  };
}
