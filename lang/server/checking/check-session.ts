/**
 * Checks the modules of a workspace again and again, and each time only the rules that may come to something else than before. What it
 * reports of names is what `checkModules` reports; types are checked in every rule whose names are sound, where `checkModules` waits until
 * all are.
 *
 * INVARIANT: a remembered rule is used again only where its text, the imports of its module and every rule it can see have the same
 * shape; a test holds this to the checker itself under random edits.
 */
import { moveSpan } from '../../ast/move.ts';
import type { Rule } from '../../ast/nodes.ts';
import { definednessOf, type IsGlobalName } from '../../check/always-defined.ts';
import type { AnnotationSet } from '../../check/annotation.ts';
import { makeArityOf } from '../../check/calls.ts';
import type { Callee } from '../../check/checked.ts';
import { checkConflicts } from '../../check/conflicts.ts';
import { type ModuleContext, makeNameSource } from '../../check/context.ts';
import { type Finishing, finishRule } from '../../check/finish-rule.ts';
import { checkImports, importsNotBodies } from '../../check/imports.ts';
import { type LoweredRule, lowerRule } from '../../check/lower-rule.ts';
import { LOWERING } from '../../check/lowering.ts';
import { gatherAnnotations } from '../../check/metadata.ts';
import { replaceMetadataCalls } from '../../check/metadata-calls.ts';
import { type CheckOptions, DEFAULT_MAX_DIAGNOSTICS } from '../../check/options.ts';
import type { ParsedModule } from '../../check/parsed.ts';
import { checkRecursion } from '../../check/recursion.ts';
import { makeReport } from '../../check/report.ts';
import { isEntry, makeRuleGraph, type RuleGraph } from '../../check/rule-graph.ts';
import { checkRuleNames } from '../../check/rule-names.ts';
import {
  addRule,
  isFunctionAt,
  makeRuleTree,
  type RuleEntry,
  type RuleNode,
} from '../../check/rule-tree.ts';
import { DIAGNOSTIC_CODES, type DiagnosticCode } from '../../codes.ts';
import type { Diagnostic } from '../../diagnostic.ts';
import type { CheckedTypes, TypedBranch } from '../../types/check-types.ts';
import { makeModuleTyper } from '../../types/module-types.ts';
import { finishSteps } from '../steps.ts';
import { describeUnits, type ModuleMemory, type Unit } from './module-memory.ts';
import { changesBetween } from './place-changes.ts';
import { makeRoutedReport, type RoutedReport } from './routed-report.ts';
import {
  draftOf,
  type LoweredDraft,
  type RuleMemory,
  rememberRule,
  stillHolds,
} from './rule-memory.ts';
import { makeTypeMemory, type PresentRule } from './type-memory.ts';

export interface SessionResult {
  /** Faults of names and types of a document, by its name. */
  readonly diagnosticsOf: (name: string) => readonly Diagnostic[];
  readonly tree: RuleNode;
  readonly annotations: AnnotationSet;
  readonly types: CheckedTypes;
  /** The branches of a rule as they were typed, with the lowered form they come from. */
  readonly typedOf: (rule: Rule) => TypedRule | undefined;
  /** Rules that were checked, and branches that were typed, anew. */
  readonly work: { readonly rules: number; readonly branches: number };
}

export interface TypedRule {
  readonly branches: readonly TypedBranch[];
  readonly lowered: LoweredRule;
  /** How far the rule stands behind the spans in them. */
  readonly movedBy: number;
}

export interface CheckSession {
  /** Checks what the modules are now. A module that has not changed must be the same object as before. */
  run(modules: readonly ParsedModule[]): SessionResult;
  /** The same with pauses, in which another check may begin; then this one must not be gone on with. */
  runInSteps(modules: readonly ParsedModule[]): Generator<undefined, SessionResult>;
}

/** Rules that are checked between two pauses: a few milliseconds. */
const RULES_AT_ONCE = 40;

/**
 * A session that remembers nothing yet.
 *
 * @param rulesAtOnce rules that are checked, and branches that are typed, between two pauses
 */
export function createCheckSession(
  options: CheckOptions,
  rulesAtOnce = RULES_AT_ONCE,
): CheckSession {
  let previous: ReadonlyMap<string, ModuleMemory> = new Map();
  let mockedBefore: ReadonlySet<string> = new Set();
  /** INVARIANT: true while types are noted in what is remembered, and from then on where that was not gone on with. */
  let isUnsure = false;
  function* runInSteps(modules: readonly ParsedModule[]): Generator<undefined, SessionResult> {
    const report = makeRoutedReport(options.maxDiagnostics ?? DEFAULT_MAX_DIAGNOSTICS);
    const units = describeUnits(modules, previous);
    yield;
    const tree = makeRuleTree();
    for (const { entries } of units) for (const entry of entries) addRule(tree, entry);
    yield;
    const annotations = checkWholes(modules, tree, report);
    yield;
    const globalsBySource = new Map(units.map((unit) => [unit.parsed.source, unit.globals]));
    const isGlobalName: IsGlobalName = (source, name) =>
      globalsBySource.get(source)?.().has(name) ?? false;
    const checking: Checking = { options, tree, units, annotations, isGlobalName, rulesAtOnce };
    const present = yield* checkRules(checking, previous, mockedBefore, report);
    const memoryOf = (entry: RuleEntry): LoweredRule => lowered(present, entry);
    const graph = makeRuleGraph(
      tree,
      [...present.keys()],
      (entry) => present.get(entry)?.memory.reads ?? [],
    );
    checkRecursion(graph, report);
    yield;
    const next = rememberModules(units, present);
    const memory = makeTypeMemory({
      graph,
      presentOf: (entry) => present.get(entry),
      circular: circularRules(graph),
      graphChanged: readsOf(previous) !== readsOf(next),
      isUnsure,
    });
    isUnsure = true;
    const types = yield* makeModuleTyper(annotations, options, report, memory).finishInSteps(
      new Map([...present.keys()].map((entry) => [entry, memoryOf(entry)])),
      graph,
      rulesAtOnce,
    );
    isUnsure = false;
    previous = next;
    mockedBefore = mockedIn(present);
    const entryOf = new Map([...present.keys()].map((entry) => [entry.rule, entry]));
    return {
      diagnosticsOf: (name) => report.of(name),
      tree,
      annotations,
      types,
      typedOf: (rule) => {
        const entry = entryOf.get(rule);
        const branches = entry && memory.branches.get(entry);
        const from = entry && present.get(entry)?.memory.start;
        if (entry === undefined || branches === undefined || from === undefined) return undefined;
        return { branches, lowered: memoryOf(entry), movedBy: entry.rule.span.start - from };
      },
      work: {
        rules: [...present.values()].filter(({ isFresh }) => isFresh).length,
        branches: memory.inferred(),
      },
    };
  }
  return { run: (modules) => finishSteps(runInSteps(modules)), runInSteps };
}

interface Checking {
  readonly options: CheckOptions;
  readonly tree: RuleNode;
  readonly units: readonly Unit[];
  readonly annotations: AnnotationSet;
  readonly isGlobalName: IsGlobalName;
  readonly rulesAtOnce: number;
}

/** What is checked of all modules together, and costs little. */
function checkWholes(
  modules: readonly ParsedModule[],
  tree: RuleNode,
  report: RoutedReport,
): AnnotationSet {
  for (const { module, source } of modules) {
    checkImports(module, source, report);
    checkRuleNames(module, source, report);
  }
  checkConflicts(
    tree,
    modules.map(({ source, module }) => ({
      source,
      span: module.package.span,
      path: module.package.path,
    })),
    report,
  );
  return gatherAnnotations(modules, report);
}

/** Recalls or checks every rule; the faults of all go to the report. */
function* checkRules(
  checking: Checking,
  previous: ReadonlyMap<string, ModuleMemory>,
  mockedBefore: ReadonlySet<string>,
  report: RoutedReport,
): Generator<undefined, ReadonlyMap<RuleEntry, PresentRule>> {
  const { units } = checking;
  const changes = changesBetween(
    [...previous.values()].flatMap(({ shapes }) => shapes),
    units.flatMap(({ shapes }) => shapes),
  );
  const drafts = new Map<RuleEntry, Draft>();
  const recalled = new Map<RuleEntry, RuleMemory>();
  const nothing: ReadonlySet<string> = new Set();
  for (const unit of units)
    for (const [at, entry] of unit.entries.entries()) {
      const memory = unit.recalled[at];
      if (memory !== undefined && stillHolds(memory, unit.packageKey, changes, nothing))
        recalled.set(entry, memory);
      else {
        drafts.set(entry, lowerEntry(checking, unit, entry));
        if (drafts.size % checking.rulesAtOnce === 0) yield;
      }
    }
  const mocked = new Set<string>();
  for (const { mocked: own } of [...drafts.values(), ...recalled.values()])
    for (const name of own) mocked.add(name);
  const roots = mockedRoots(mocked, mockedBefore);
  if (roots.size > 0)
    for (const unit of units)
      for (const entry of unit.entries) {
        const memory = recalled.get(entry);
        if (memory === undefined || stillHolds(memory, unit.packageKey, changes, roots)) continue;
        recalled.delete(entry);
        drafts.set(entry, lowerEntry(checking, unit, entry));
      }
  const finish = makeFinisher(checking, mocked);
  const present = new Map<RuleEntry, PresentRule>();
  let finished = 0;
  for (const unit of units)
    for (const [at, entry] of unit.entries.entries()) {
      const known = recalled.get(entry);
      const draft = drafts.get(entry);
      const memory = known ?? (draft && finish(unit, entry, draft));
      if (memory === undefined) continue;
      if (known === undefined) finished += 1;
      if (known === undefined && finished % checking.rulesAtOnce === 0) yield;
      present.set(entry, {
        memory,
        isFresh: known === undefined,
        before: unit.predecessors[at]?.typings,
      });
      reportFaults(entry, memory, report);
    }
  return present;
}

interface Draft extends LoweredDraft {
  readonly faults: readonly Diagnostic[];
}

function lowerEntry(checking: Checking, unit: Unit, entry: RuleEntry): Draft {
  const { options, tree } = checking;
  const own = makeReport(DEFAULT_MAX_DIAGNOSTICS);
  const context: ModuleContext = {
    source: entry.source,
    report: own,
    builtins: options.builtins,
    globals: unit.globals(),
    notBodies: importsNotBodies(unit.parsed.module),
    definednessOf: (keys) => definednessOf(tree, keys, checking.isGlobalName),
    isFunction: (path) => isFunctionAt(tree, path),
    lower: LOWERING,
  };
  const rule = lowerRule(context, entry.rule, makeNameSource());
  if (rule.asksMetadata)
    for (const branch of rule.branches)
      replaceMetadataCalls(branch.body, entry.rule, checking.annotations);
  return { ...draftOf(rule), faults: own.diagnostics() };
}

function makeFinisher(
  { options, tree, units }: Checking,
  mocked: ReadonlySet<string>,
): (unit: Unit, entry: RuleEntry, draft: Draft) => RuleMemory {
  let functions: readonly string[] | undefined;
  const functionNames = (): readonly string[] => {
    functions ??= units.flatMap(({ entries }) =>
      entries.filter(({ isFunction }) => isFunction).map(({ name }) => name),
    );
    return functions;
  };
  const arityOf = makeArityOf(options, tree);
  return (unit, entry, draft) => {
    const report = makeReport(DEFAULT_MAX_DIAGNOSTICS);
    const finishing: Finishing = {
      calls: { options, tree, report, arityOf, mocked, functionNames },
      withs: { options, tree, report },
      callees: new Map<never, Callee>(),
      knownNames: () => unit.globals().keys(),
    };
    finishRule(finishing, entry, draft.lowered);
    return rememberRule(entry, draft, [...draft.faults, ...report.diagnostics()]);
  };
}

function reportFaults(entry: RuleEntry, memory: RuleMemory, report: RoutedReport): void {
  const by = entry.rule.span.start - memory.start;
  for (const { code, span, message, help, related } of memory.faults) {
    const extra = { ...(help === undefined ? {} : { help }), ...(related && { related }) };
    if (isCheckerCode(code)) report.error(code, entry.source, moveSpan(span, by), message, extra);
  }
}

function isCheckerCode(code: Diagnostic['code']): code is DiagnosticCode {
  return Object.hasOwn(DIAGNOSTIC_CODES, code);
}

/** The first names of builtins that are replaced now and were not before, or the other way round. */
function mockedRoots(now: ReadonlySet<string>, before: ReadonlySet<string>): ReadonlySet<string> {
  const differing = [...now, ...before].filter((name) => now.has(name) !== before.has(name));
  return new Set(differing.map((name) => name.split('.')[0] ?? name));
}

function mockedIn(present: ReadonlyMap<RuleEntry, PresentRule>): ReadonlySet<string> {
  return new Set([...present.values()].flatMap(({ memory }) => [...memory.mocked]));
}

function lowered(present: ReadonlyMap<RuleEntry, PresentRule>, entry: RuleEntry): LoweredRule {
  const found = present.get(entry);
  if (found === undefined) throw new RangeError(`the rule ${entry.name} was not checked`);
  return found.memory.lowered;
}

function rememberModules(
  units: readonly Unit[],
  present: ReadonlyMap<RuleEntry, PresentRule>,
): ReadonlyMap<string, ModuleMemory> {
  return new Map(
    units.map((unit) => [
      unit.parsed.source.name,
      {
        module: unit.parsed.module,
        header: unit.header,
        entries: unit.entries,
        shapes: unit.shapes,
        memories: unit.entries.map((entry) => present.get(entry)?.memory),
      },
    ]),
  );
}

/** Everything the rules read, as one text. */
function readsOf(modules: ReadonlyMap<string, ModuleMemory>): string {
  return [...modules.values()]
    .flatMap(({ memories }) => memories.map((memory) => memory?.reads.join(';') ?? ''))
    .join('\n');
}

function circularRules(graph: RuleGraph): ReadonlySet<RuleEntry> {
  const found = new Set<RuleEntry>();
  for (const group of graph.groups()) {
    const rules = group.filter(isEntry);
    const [first] = rules;
    if (first === undefined || (group.length === 1 && !graph.edgesOf(first).includes(first)))
      continue;
    for (const rule of rules) found.add(rule);
  }
  return found;
}
