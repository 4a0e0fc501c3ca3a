/**
 * The policy files of an editor's workspace in phases: text, parsed, checked with all others, linted. A file whose text has faults of
 * syntax keeps its last good module in the check of the others, and shows only those faults itself.
 */
import type { Module } from '../ast/nodes.ts';
import type { ParsedModule } from '../check/parsed.ts';
import type { Diagnostic } from '../diagnostic.ts';
import { type Finding, lintInSteps } from '../lint/lint.ts';
import { headName, indexModules, type NamedRules } from '../lint/lint-index.ts';
import { LINT_RULES } from '../lint/rule-list.ts';
import { parseModule } from '../parse.ts';
import type { Source } from '../source.ts';
import { createCheckSession, type SessionResult } from './checking/check-session.ts';
import { createNeighbours } from './checking/neighbours.ts';
import { makeTextMap, type TextMap } from './document.ts';
import type { ServerHost } from './ports.ts';
import { reparse } from './reparse.ts';

/** Rules of the linter that one walk of a module is for: a long module is walked in a few milliseconds. */
const LINT_RULES_AT_ONCE = 8;

export interface PolicyDocument {
  readonly uri: string;
  readonly source: Source;
  readonly map: TextMap;
  /** The last module that parsed, which may be of an older text. */
  readonly module: Module | undefined;
  readonly moduleSource: Source;
  /** Faults of syntax of the present text. */
  readonly faults: readonly Diagnostic[];
}

export interface Workspace {
  /** By the names of their files. Texts that were put since it was read last are parsed first. */
  readonly documents: ReadonlyMap<string, PolicyDocument>;
  /** The document of a file, whichever way its address is written. */
  find(uri: string): PolicyDocument | undefined;
  /** Its text, without parsing it. */
  textOf(uri: string): string | undefined;
  put(uri: string, text: string): void;
  /** Parses what was put since, with pauses. */
  parseInSteps(): Generator<undefined, void>;
  remove(uri: string): void;
  /** Checks all documents; the result of the last check where nothing has changed. */
  check(): SessionResult;
  /** The same, with parsing, with pauses in which anything may be asked. It must not be resumed after a change. */
  checkInSteps(): Generator<undefined, SessionResult>;
  /** Checks a document with those that can say something of it, unless all are checked as they are. */
  checkNear(document: PolicyDocument): SessionResult;
  /** The document with those that can say something of it, in the order of the workspace. */
  neighboursOf(document: PolicyDocument): readonly PolicyDocument[];
  /** Faults of syntax, names and types of a document, among those that can say something of it. */
  diagnosticsOf(document: PolicyDocument): readonly Diagnostic[];
  /** The rule a path below `data` means or lies in, as package and name. */
  rulePathOf(path: readonly string[]): readonly string[] | undefined;
  /** Findings of the linter, with pauses; none while the text cannot be read. It must not be resumed after a change. */
  lintInSteps(document: PolicyDocument): Generator<undefined, readonly Finding[]>;
}

/** An empty workspace. */
export function createWorkspace(host: ServerHost): Workspace {
  const documents = new Map<string, PolicyDocument>();
  /** In the order in which they came, which is that of the check. */
  const order = new Set<string>();
  const pending = new Map<string, { readonly uri: string; readonly text: string }>();
  const whole = createCheckSession(host.checkOptions);
  const near = createCheckSession(host.checkOptions);
  const neighbouring = createNeighbours();
  const namedRules: NamedRules = new WeakMap();
  let result: SessionResult | undefined;
  let nearResults = new Map<string, SessionResult>();
  let linted = new Map<PolicyDocument, readonly Finding[]>();
  let rulePaths: ReadonlySet<string> | undefined;
  const changed = (): void => {
    result = undefined;
    nearResults = new Map();
    linted = new Map();
    rulePaths = undefined;
  };
  const parse = (name: string, uri: string, text: string): void => {
    const known = documents.get(name);
    const source = { name, text };
    const before = known?.module && { source: known.moduleSource, module: known.module };
    const { module, diagnostics } = (before && reparse(before, source)) ?? parseModule(source);
    const isGood = module !== undefined && diagnostics.length === 0;
    documents.set(name, {
      uri,
      source,
      map: makeTextMap(text),
      module: isGood ? module : known?.module,
      moduleSource: isGood || known === undefined ? source : known.moduleSource,
      faults: diagnostics,
    });
    if (isGood) changed();
  };
  const parsePendingOf = (name: string): void => {
    const waiting = pending.get(name);
    if (waiting === undefined) return;
    pending.delete(name);
    parse(name, waiting.uri, waiting.text);
  };
  const parsePending = (): void => {
    for (const name of pending.keys()) parsePendingOf(name);
  };
  function* parseInSteps(): Generator<undefined, void> {
    for (const name of pending.keys()) {
      parsePendingOf(name);
      if (pending.size > 0) yield;
    }
  }
  const inOrder = (): readonly PolicyDocument[] =>
    [...order].flatMap((name) => documents.get(name) ?? []);
  const parsedModules = (): readonly ParsedModule[] => {
    parsePending();
    return inOrder().flatMap(({ module, moduleSource }) =>
      module === undefined ? [] : [{ module, source: moduleSource }],
    );
  };
  const check = (): SessionResult => {
    const modules = parsedModules();
    result ??= whole.run(modules);
    return result;
  };
  const checkNear = ({ source: { name } }: PolicyDocument): SessionResult => {
    const modules = parsedModules();
    const known = result ?? nearResults.get(name);
    if (known !== undefined) return known;
    const home = modules.find(({ source }) => source.name === name);
    const neighbours = home === undefined ? modules : neighbouring(home, modules);
    // Two memories of nearly the same modules would only cost.
    if (neighbours.length * 2 > modules.length) return check();
    const found = near.run(neighbours);
    nearResults.set(name, found);
    return found;
  };
  function* lintSteps(document: PolicyDocument): Generator<undefined, readonly Finding[]> {
    const { source, module, faults } = document;
    if (module === undefined || faults.length > 0) return [];
    const known = linted.get(document);
    if (known !== undefined) return known;
    const index = indexModules(parsedModules(), namedRules);
    const settings = host.lintSettings();
    const one = { source, module };
    const found = yield* lintInSteps(one, index, LINT_RULES, settings, LINT_RULES_AT_ONCE);
    linted.set(document, found);
    return found;
  }
  return {
    get documents() {
      parsePending();
      return new Map(inOrder().map((document) => [document.source.name, document]));
    },
    find(uri) {
      const name = host.nameOf(uri);
      parsePendingOf(name);
      return documents.get(name);
    },
    textOf(uri) {
      const name = host.nameOf(uri);
      return pending.get(name)?.text ?? documents.get(name)?.source.text;
    },
    put(uri, text) {
      const name = host.nameOf(uri);
      order.add(name);
      const known = documents.get(name);
      if (known?.source.text === text && known.uri === uri) pending.delete(name);
      else pending.set(name, { uri, text });
    },
    remove(uri) {
      const name = host.nameOf(uri);
      order.delete(name);
      pending.delete(name);
      if (documents.delete(name)) changed();
    },
    check,
    parseInSteps,
    *checkInSteps() {
      yield* parseInSteps();
      const steps = whole.runInSteps(parsedModules());
      while (result === undefined) {
        const step = steps.next();
        if (step.done === true) result = step.value;
        else yield;
      }
      return result;
    },
    checkNear,
    neighboursOf({ source: { name } }) {
      const modules = parsedModules();
      const home = modules.find(({ source }) => source.name === name);
      const names = new Set(
        home === undefined ? [name] : neighbouring(home, modules).map(({ source }) => source.name),
      );
      return inOrder().filter(({ source }) => names.has(source.name));
    },
    diagnosticsOf: (document) =>
      document.faults.length > 0
        ? document.faults
        : checkNear(document).diagnosticsOf(document.source.name),
    rulePathOf(path) {
      rulePaths ??= new Set(
        parsedModules().flatMap(({ module }) =>
          module.rules.map((rule) => [...module.package.path, headName(rule)].join('\0')),
        ),
      );
      for (let length = 1; length <= path.length; length += 1) {
        const prefix = path.slice(0, length);
        if (rulePaths.has(prefix.join('\0'))) return prefix;
      }
      return undefined;
    },
    lintInSteps: lintSteps,
  };
}
