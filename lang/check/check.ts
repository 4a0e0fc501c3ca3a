/**
 * From parsed modules to the checked set the engine evaluates. All modules are checked together, for rules of one package may
 * lie in several files and every reference may cross files.
 */
import type { Diagnostic } from '../diagnostic.ts';
import { makeModuleTyper } from '../types/module-types.ts';
import { checkRules, type RuleUnit } from './check-rules.ts';
import type { CheckedModule, CheckedModuleSet, CheckedRule } from './checked.ts';
import { pathKey } from './checked.ts';
import { checkConflicts } from './conflicts.ts';
import { checkImports, moduleGlobals } from './imports.ts';
import { gatherAnnotations } from './metadata.ts';
import type { CheckOptions } from './options.ts';
import { DEFAULT_MAX_DIAGNOSTICS } from './options.ts';
import type { ParsedModule } from './parsed.ts';
import { checkRecursion } from './recursion.ts';
import { makeReport } from './report.ts';
import { makeRuleGraph } from './rule-graph.ts';
import { checkRuleNames } from './rule-names.ts';
import type { RuleEntry, RuleNode } from './rule-tree.ts';
import { addRule, describeRule, makeRuleTree, sharePlace } from './rule-tree.ts';

export type { ParsedModule } from './parsed.ts';

export interface CheckResult {
  /** Undefined when any fault was found. */
  readonly set: CheckedModuleSet | undefined;
  readonly diagnostics: readonly Diagnostic[];
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
  const typer =
    options.skipTypes === true ? undefined : makeModuleTyper(annotations, options, report);
  const { checked, callees, lowered, reads } = checkRules({
    units,
    tree,
    options,
    report,
    annotations,
    typer,
  });
  const graph = makeRuleGraph(tree, [...lowered.keys()], (entry) => reads.get(entry) ?? []);
  checkRecursion(graph, report);
  // Only sound bodies are in the order that typing them relies on.
  const types = report.errorCount() === 0 ? typer?.finish(lowered, graph) : undefined;
  const diagnostics = report.diagnostics();
  if (report.errorCount() > 0) return { set: undefined, diagnostics };
  return {
    set: { modules: checked, rulesByPath: byPath(checked), callees, annotations, types },
    diagnostics,
  };
}

function gather(modules: readonly ParsedModule[], tree: RuleNode): readonly RuleUnit[] {
  const known = new Map<string, RuleEntry>();
  const described = modules.map((parsed) => {
    const { module, source } = parsed;
    const entries = module.rules.map((rule) => {
      const entry = describeRule(rule, source, module.package.path);
      const shared = sharePlace(entry, known.get(entry.name));
      known.set(shared.name, shared);
      return shared;
    });
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
