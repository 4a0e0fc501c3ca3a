/**
 * The policy files of an editor's workspace in phases: text, parsed, checked with all others, linted. A file whose text has faults of
 * syntax keeps its last good module in the check of the others, and shows only those faults itself.
 */
import type { Module } from '../ast/nodes.ts';
import type { Diagnostic } from '../diagnostic.ts';
import { type Finding, lintModule } from '../lint/lint.ts';
import { headName, indexModules } from '../lint/lint-index.ts';
import { LINT_RULES } from '../lint/rule-list.ts';
import { parseModule } from '../parse.ts';
import type { Source } from '../source.ts';
import { createCheckSession, type SessionResult } from './checking/check-session.ts';
import { makeTextMap, type TextMap } from './document.ts';
import type { ServerHost } from './ports.ts';

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
  readonly documents: ReadonlyMap<string, PolicyDocument>;
  put(uri: string, text: string): void;
  remove(uri: string): void;
  /** Checks what has changed; the result of the last check where nothing has. */
  check(): SessionResult;
  /** Faults of syntax, names and types of a document. */
  diagnosticsOf(document: PolicyDocument): readonly Diagnostic[];
  /** The rule a path below `data` means or lies in, as package and name. */
  rulePathOf(path: readonly string[]): readonly string[] | undefined;
  /** Findings of the linter; none while the text cannot be read. */
  lint(document: PolicyDocument): readonly Finding[];
}

/** An empty workspace. */
export function createWorkspace(host: ServerHost): Workspace {
  const documents = new Map<string, PolicyDocument>();
  const session = createCheckSession(host.checkOptions);
  let result: SessionResult | undefined;
  let rulePaths: ReadonlySet<string> | undefined;
  const changed = (): void => {
    result = undefined;
    rulePaths = undefined;
  };
  const check = (): SessionResult => {
    result ??= session.run(
      [...documents.values()].flatMap(({ module, moduleSource }) =>
        module === undefined ? [] : [{ module, source: moduleSource }],
      ),
    );
    return result;
  };
  return {
    documents,
    put(uri, text) {
      const known = documents.get(uri);
      if (known?.source.text === text) return;
      const source = { name: host.nameOf(uri), text };
      const { module, diagnostics } = parseModule(source);
      const isGood = module !== undefined && diagnostics.length === 0;
      documents.set(uri, {
        uri,
        source,
        map: makeTextMap(text),
        module: isGood ? module : known?.module,
        moduleSource: isGood || known === undefined ? source : known.moduleSource,
        faults: diagnostics,
      });
      if (isGood) changed();
    },
    remove(uri) {
      if (documents.delete(uri)) changed();
    },
    check,
    diagnosticsOf: ({ source, faults }) =>
      faults.length > 0 ? faults : check().diagnosticsOf(source.name),
    rulePathOf(path) {
      rulePaths ??= new Set(
        [...documents.values()].flatMap(({ module }) =>
          (module?.rules ?? []).map((rule) =>
            [...(module?.package.path ?? []), headName(rule)].join('\0'),
          ),
        ),
      );
      for (let length = 1; length <= path.length; length += 1) {
        const prefix = path.slice(0, length);
        if (rulePaths.has(prefix.join('\0'))) return prefix;
      }
      return undefined;
    },
    lint({ source, module, faults }) {
      if (module === undefined || faults.length > 0) return [];
      const modules = [...documents.values()].flatMap((one) =>
        one.module === undefined ? [] : [{ module: one.module, source: one.moduleSource }],
      );
      return lintModule({ source, module }, indexModules(modules), LINT_RULES, host.lintSettings());
    },
  };
}
