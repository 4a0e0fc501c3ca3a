/**
 * A compiled policy set: checked modules, the tree of their rules, base data and the builtins they may call. Immutable; any
 * number of evaluations may share it.
 */
import { createHash } from 'node:crypto';
import { checkModules, type ParsedModule } from '../lang/check/check.ts';
import type { CheckedModuleSet } from '../lang/check/checked.ts';
import type { BuiltinTable as SignatureTable } from '../lang/check/signatures.ts';
import type { Diagnostic } from '../lang/diagnostic.ts';
import { parseModule } from '../lang/parse.ts';
import type { Source } from '../lang/source.ts';
import { type BuiltinCaches, createBuiltinCaches, reservePatterns } from './builtins/context.ts';
import { countPatternCalls } from './builtins/pattern-calls.ts';
import { type BuiltinTable, createBuiltinTable } from './builtins/registry.ts';
import { checkerSignatures } from './checker-signatures.ts';
import { type CompileOptions, checkOptions } from './compile-options.ts';
import { contractInputType } from './contract/input-type.ts';
import type { DataSource } from './data-documents.ts';
import { type DataHistory, openData, revisionAfter } from './data-history.ts';
import { CompiledSet } from './emit/compiled-set.ts';
import { buildRuleTree, type RuleNode } from './interpret/rule-tree.ts';
import { TermFactTable } from './interpret/term-facts.ts';
import type { Value } from './value/value.ts';

/** Texts to compile, each under the name it is reported with. */
export interface PolicySources {
  /** `.policy` and `.rego` files. */
  readonly policies: readonly Source[];
  /** JSON (`.json`) and YAML documents, merged below `data` or where each belongs. */
  readonly data?: readonly DataSource[];
}

export interface PolicySet {
  /** `sha256:` and 64 hex digits over names and texts of all sources, and over the changes made to the data since. */
  readonly revision: string;
  readonly history: DataHistory;
  readonly modules: CheckedModuleSet;
  readonly tree: RuleNode;
  readonly facts: TermFactTable;
  readonly builtins: BuiltinTable;
  readonly signatures: SignatureTable;
  readonly caches: BuiltinCaches;
  /** The set as code, made when it is first asked for. */
  readonly code: CompiledSet;
  /** The base document below `data`. */
  readonly data: Value;
  readonly options: CompileOptions;
}

/** What evaluating rules takes of a policy set. */
export type EvaluableSet = Pick<
  PolicySet,
  'revision' | 'tree' | 'facts' | 'builtins' | 'signatures' | 'caches' | 'data'
> & { readonly modules: Pick<CheckedModuleSet, 'callees'> };

/**
 * Compiles policies; `policySet` is undefined when a diagnostic is an error. Never throws for bad text.
 *
 * @param previous a set whose data, with the changes made to them, are kept when they come from the same documents
 */
export function compilePolicies(
  sources: PolicySources,
  options: CompileOptions = {},
  previous?: PolicySet,
): { readonly policySet: PolicySet | undefined; readonly diagnostics: readonly Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  const parsed: ParsedModule[] = [];
  for (const source of sources.policies) {
    const result = parseModule(source);
    diagnostics.push(...result.diagnostics);
    if (result.module !== undefined) parsed.push({ source, module: result.module });
  }
  if (hasError(diagnostics)) return { policySet: undefined, diagnostics };
  const builtins = createBuiltinTable(options.builtins);
  const signatures = checkerSignatures(builtins);
  const inputType = options.inputSchema === 'contract' ? contractInputType() : undefined;
  const checked = checkModules(parsed, checkOptions(signatures, options, inputType));
  diagnostics.push(...checked.diagnostics);
  if (checked.set === undefined || hasError(diagnostics)) {
    return { policySet: undefined, diagnostics };
  }
  const tree = buildRuleTree(checked.set);
  const documents = openData(sources.data ?? [], tree, previous);
  diagnostics.push(...documents.diagnostics);
  if (hasError(diagnostics)) return { policySet: undefined, diagnostics };
  const facts = new TermFactTable((name) => builtins.get(name)?.kind === 'relation');
  const sourceRevision = revisionOf(sources);
  const { data, patches } = documents;
  const caches = previous?.caches ?? createBuiltinCaches();
  reservePatterns(caches, countPatternCalls(checked.set.callees.values()));
  const policySet: PolicySet = {
    revision: revisionAfter(sourceRevision, patches),
    history: { sourceRevision, sources: sources.data ?? [], patches },
    modules: checked.set,
    tree,
    facts,
    code: new CompiledSet({ modules: checked.set, tree, facts, builtins, signatures }),
    builtins,
    signatures,
    caches,
    data,
    options,
  };
  return { policySet, diagnostics };
}

function hasError(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((diagnostic) => diagnostic.severity === 'error');
}

/** Lengths are part of what is hashed, so that no text can pass for the name of the next. */
function revisionOf(sources: PolicySources): string {
  const hash = createHash('sha256');
  const all: readonly DataSource[] = [...sources.policies, ...(sources.data ?? [])];
  for (const { name, text, at = [] } of all.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    for (const part of at) hash.update(`${Buffer.byteLength(part)} ${part}/`);
    hash.update(`${Buffer.byteLength(name)} ${Buffer.byteLength(text)}\n${name}\n`);
    hash.update(text);
    hash.update('\n');
  }
  return `sha256:${hash.digest('hex')}`;
}
