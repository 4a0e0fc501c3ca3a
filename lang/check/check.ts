/**
 * From parsed modules to the checked set the engine evaluates. All modules are checked together, for rules of one package may
 * lie in several files and every reference may cross files.
 */
import type { Call } from '../ast/nodes.ts';
import type { Diagnostic } from '../diagnostic.ts';
import type { Source } from '../source.ts';
import { checkModuleTypes } from '../types/module-types.ts';
import { definednessOf } from './always-defined.ts';
import { makeArityOf } from './calls.ts';
import type { Callee, CheckedModule, CheckedModuleSet, CheckedRule } from './checked.ts';
import { pathKey } from './checked.ts';
import { checkConflicts } from './conflicts.ts';
import type { Global, ModuleContext } from './context.ts';
import { makeNameSource } from './context.ts';
import type { Finishing } from './finish-rule.ts';
import { finishRule } from './finish-rule.ts';
import { checkImports, importsNotBodies, moduleGlobals } from './imports.ts';
import type { LoweredRule } from './lower-rule.ts';
import { lowerRule } from './lower-rule.ts';
import { LOWERING } from './lowering.ts';
import { gatherAnnotations } from './metadata.ts';
import { replaceMetadataCalls } from './metadata-calls.ts';
import { mockedBuiltins } from './mocked.ts';
import type { CheckOptions } from './options.ts';
import { DEFAULT_MAX_DIAGNOSTICS } from './options.ts';
import type { ParsedModule } from './parsed.ts';
import { checkRecursion } from './recursion.ts';
import type { Report } from './report.ts';
import { makeReport } from './report.ts';
import { makeRuleGraph, readPaths } from './rule-graph.ts';
import { checkRuleNames } from './rule-names.ts';
import type { RuleEntry, RuleNode } from './rule-tree.ts';
import { addRule, describeRule, isFunctionAt, makeRuleTree } from './rule-tree.ts';

export type { ParsedModule } from './parsed.ts';

export interface CheckResult {
  /** Undefined when any fault was found. */
  readonly set: CheckedModuleSet | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

interface Unit {
  readonly parsed: ParsedModule;
  readonly entries: readonly RuleEntry[];
  readonly globals: ReadonlyMap<string, Global>;
}

/** Checks modules that were parsed without faults. Never throws for what their texts say. */
export function checkModules(modules: readonly ParsedModule[], options: CheckOptions): CheckResult {
  const report = makeReport(options.maxDiagnostics ?? DEFAULT_MAX_DIAGNOSTICS);
  const tree = makeRuleTree();
  const units = gather(modules, tree);
  for (const { parsed } of units) {
    checkImports(parsed.module, parsed.source, report);
    checkRuleNames(parsed.module, parsed.source, report);
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
  const annotations = gatherAnnotations(modules, report);
  const lowered = lowerAll(units, tree, options, report);
  for (const [entry, rule] of lowered) {
    if (!rule.asksMetadata) continue;
    for (const branch of rule.branches) replaceMetadataCalls(branch.body, entry.rule, annotations);
  }
  const graph = makeRuleGraph(tree, [...lowered.keys()], (entry) =>
    readPaths(lowered.get(entry)?.branches ?? []),
  );
  checkRecursion(graph, report);
  const callees = new Map<Call, Callee>();
  const finishing = makeFinishing(units, lowered, tree, options, report, callees);
  const checked = units.map((unit) => finishUnit(finishing, unit, lowered));
  // Only sound bodies are in the order that typing them relies on.
  const types =
    report.errorCount() === 0 && options.skipTypes !== true
      ? checkModuleTypes(lowered, graph, annotations, options, report)
      : undefined;
  // The graph outlives the check, for queries; by now it knows what every rule reads.
  lowered.clear();
  const diagnostics = report.diagnostics();
  if (report.errorCount() > 0) return { set: undefined, diagnostics };
  return {
    set: { modules: checked, rulesByPath: byPath(checked), callees, annotations, types },
    diagnostics,
  };
}

function gather(modules: readonly ParsedModule[], tree: RuleNode): readonly Unit[] {
  const described = modules.map((parsed) => {
    const { module, source } = parsed;
    const entries = module.rules.map((rule) => describeRule(rule, source, module.package.path));
    for (const entry of entries) addRule(tree, entry);
    return { parsed, entries };
  });
  const namesByPackage = new Map<string, Set<string>>();
  for (const { parsed, entries } of described) {
    const key = pathKey(parsed.module.package.path);
    const names = namesByPackage.get(key) ?? new Set<string>();
    namesByPackage.set(key, names);
    for (const entry of entries) {
      names.add((entry.keys[entry.package.length] ?? '').slice(1));
    }
  }
  return described.map((unit) => {
    const names = namesByPackage.get(pathKey(unit.parsed.module.package.path)) ?? new Set();
    return { ...unit, globals: moduleGlobals(unit.parsed.module, names) };
  });
}

function lowerAll(
  units: readonly Unit[],
  tree: RuleNode,
  options: CheckOptions,
  report: Report,
): Map<RuleEntry, LoweredRule> {
  const lowered = new Map<RuleEntry, LoweredRule>();
  const globalsBySource = new Map(units.map((unit) => [unit.parsed.source, unit.globals]));
  const isGlobalName = (source: Source, name: string): boolean =>
    globalsBySource.get(source)?.has(name) ?? false;
  for (const { parsed, entries, globals } of units) {
    const context: ModuleContext = {
      source: parsed.source,
      report,
      builtins: options.builtins,
      globals,
      notBodies: importsNotBodies(parsed.module),
      definednessOf: (keys) => definednessOf(tree, keys, isGlobalName),
      isFunction: (path) => isFunctionAt(tree, path),
      lower: LOWERING,
    };
    for (const entry of entries) {
      lowered.set(entry, lowerRule(context, entry.rule, makeNameSource()));
    }
  }
  return lowered;
}

function makeFinishing(
  units: readonly Unit[],
  lowered: ReadonlyMap<RuleEntry, LoweredRule>,
  tree: RuleNode,
  options: CheckOptions,
  report: Report,
  callees: Map<Call, Callee>,
): Finishing {
  const globalsBySource = new Map(units.map((unit) => [unit.parsed.source, unit.globals]));
  let functions: readonly string[] | undefined;
  const functionNames = (): readonly string[] => {
    functions ??= [...lowered.keys()]
      .filter((entry) => entry.isFunction)
      .map((entry) => entry.name);
    return functions;
  };
  const mocked = mockedBuiltins([...lowered.values()]);
  const arityOf = makeArityOf(options, tree);
  return {
    calls: { options, tree, report, arityOf, mocked, functionNames },
    withs: { options, tree, report },
    callees,
    knownNames: (source) => globalsBySource.get(source)?.keys() ?? [],
  };
}

function finishUnit(
  finishing: Finishing,
  unit: Unit,
  lowered: ReadonlyMap<RuleEntry, LoweredRule>,
): CheckedModule {
  const rules: CheckedRule[] = [];
  for (const entry of unit.entries) {
    const rule = lowered.get(entry);
    const checked = rule && finishRule(finishing, entry, rule);
    if (checked) rules.push(checked);
  }
  return { source: unit.parsed.source, module: unit.parsed.module, rules };
}

function byPath(modules: readonly CheckedModule[]): ReadonlyMap<string, readonly CheckedRule[]> {
  const rules = new Map<string, CheckedRule[]>();
  for (const module of modules) {
    for (const rule of module.rules) {
      const key = pathKey(rule.path);
      const known = rules.get(key);
      if (known) known.push(rule);
      else rules.set(key, [rule]);
    }
  }
  return rules;
}
