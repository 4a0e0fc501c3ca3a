/**
 * The diagnostics an editor is told, in three stages after an edit: the document with those that can say something of it, at once; the
 * findings of the linter, when the typing pauses; everything in the workspace, a little later. An edit begins them anew.
 */
import type { Connection, Diagnostic as Published } from 'vscode-languageserver';
import type { Diagnostic } from '../diagnostic.ts';
import type { Finding } from '../lint/lint.ts';
import type { Source } from '../source.ts';
import { carryFindings } from './carried-findings.ts';
import type { ServerHost } from './ports.ts';
import { finishSteps } from './steps.ts';
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

export function createPublisher(
  connection: Connection,
  { pageOf }: ServerHost,
  workspace: Workspace,
): Publisher {
  const open = new Map<string, number>();
  const touched = new Set<string>();
  const sent = new Map<string, string>();
  const linted = new Map<string, Linted>();
  let lintFault: string | undefined;
  let timers: ReturnType<typeof setTimeout>[] = [];
  /** Counts edits: what was begun before the last of them is not gone on with. */
  let turn = 0;

  const send = (document: PolicyDocument, isAsked: boolean): void => {
    const { uri, source } = document;
    const known = open.has(uri) ? linted.get(uri) : undefined;
    const found = [
      ...workspace.diagnosticsOf(document),
      ...(known === undefined ? [] : carryFindings(known.findings, known.source, source)),
    ];
    const diagnostics = found.map((one) => toPublished(pageOf, workspace, document, one));
    const text = JSON.stringify(diagnostics);
    if (!isAsked && (sent.get(uri) ?? '[]') === text) return;
    sent.set(uri, text);
    const version = open.get(uri);
    const params = version === undefined ? { uri } : { uri, version };
    void connection.sendDiagnostics({ ...params, diagnostics });
  };
  /** Steps of the linter; a configuration it cannot read is told once, and the rest of the server goes on. */
  function* guarded(
    steps: Generator<undefined, readonly Finding[]>,
  ): Generator<undefined, readonly Finding[]> {
    try {
      const found = yield* steps;
      lintFault = undefined;
      return found;
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (message !== lintFault)
        void connection.sendNotification('window/showMessage', { type: ERROR_MESSAGE, message });
      lintFault = message;
      return [];
    }
  }
  /** Does work that gives way to the editor between its steps, until the next edit. */
  const walk = <T>(steps: Generator<undefined, T>, then: (value: T) => void): void => {
    const own = turn;
    const go = (): void => {
      if (own !== turn) return;
      const step = steps.next();
      if (step.done === true) then(step.value);
      else setImmediate(go);
    };
    go();
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
  /** Lints documents one after the other. */
  function* lintEach(documents: readonly PolicyDocument[]): Generator<undefined, void> {
    for (const document of documents) {
      if (workspace.diagnosticsOf(document).length === 0) {
        const found = yield* guarded(workspace.lintInSteps(document));
        const findings = found.map(({ diagnostic }) => diagnostic);
        linted.set(document.uri, { source: document.source, findings });
        send(document, false);
      }
      yield;
    }
  }
  function* lintTyped(uri: string | undefined): Generator<undefined, void> {
    yield* workspace.parseInSteps();
    yield* lintEach(openDocuments().filter((document) => document.uri === uri));
  }
  function* sendWhole(): Generator<undefined, void> {
    yield* workspace.checkInSteps();
    for (const document of workspace.documents.values()) send(document, false);
    yield* lintEach(openDocuments());
  }
  const nothing = (): void => undefined;
  const halt = (): void => {
    for (const timer of timers) clearTimeout(timer);
    timers = [];
    turn += 1;
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
      timers = [
        setTimeout(() => walk(workspace.parseInSteps(), sendTouched), 0),
        setTimeout(() => walk(lintTyped(uri), nothing), LINT_DELAY_MS),
        setTimeout(() => walk(sendWhole(), nothing), WHOLE_DELAY_MS),
      ];
    },
    removed(uri) {
      sent.delete(uri);
      void connection.sendDiagnostics({ uri, diagnostics: [] });
    },
    lint: (document) => finishSteps(guarded(workspace.lintInSteps(document))),
    stop: halt,
  };
}

function toPublished(
  pageOf: ServerHost['pageOf'],
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
  const href = pageOf(code);
  return {
    range: map.rangeOf(span),
    severity: SEVERITY[severity],
    code,
    ...(href === undefined ? {} : { codeDescription: { href } }),
    source: 'sallyport',
    message: help === undefined ? message : `${message}\nhelp: ${help}`,
    ...(places.length === 0 ? {} : { relatedInformation: places }),
    ...(/^lint\/.*\/(unused|redundant)-/.test(code) ? { tags: [UNNECESSARY] } : {}),
  };
}
