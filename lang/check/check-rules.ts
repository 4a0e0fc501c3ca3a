/**
 * Checks the rules of a set one by one: from their text to what the engine evaluates, and where nothing else has to be known to their
 * types. What concerns several rules (conflicts, recursion, types of what reads other rules) is up to `check.ts`.
 */
import type { Call } from '../ast/nodes.ts';
import type { Source } from '../source.ts';
import type { ModuleTyper } from '../types/module-types.ts';
import { definednessOf } from './always-defined.ts';
import type { AnnotationSet } from './annotation.ts';
import { makeArityOf } from './calls.ts';
import type { Callee, CheckedModule, CheckedRule } from './checked.ts';
import type { Global, ModuleContext } from './context.ts';
import { makeNameSource, makeNameTable } from './context.ts';
import type { Finishing } from './finish-rule.ts';
import { finishRule } from './finish-rule.ts';
import { hasModifiers } from './has-modifiers.ts';
import { importsNotBodies } from './imports.ts';
import type { LoweredRule } from './lower-rule.ts';
import { lowerRule } from './lower-rule.ts';
import { LOWERING } from './lowering.ts';
import { replaceMetadataCalls } from './metadata-calls.ts';
import { collectMocked } from './mocked.ts';
import type { CheckOptions } from './options.ts';
import type { ParsedModule } from './parsed.ts';
import type { Report } from './report.ts';
import { readPaths } from './rule-graph.ts';
import type { RuleEntry, RuleNode } from './rule-tree.ts';
import { isFunctionAt } from './rule-tree.ts';
import type { DataPath } from './steps.ts';

/** A module with its rules, and what its unqualified names mean. */
export interface RuleUnit {
  readonly parsed: ParsedModule;
  readonly entries: readonly RuleEntry[];
  readonly globals: ReadonlyMap<string, Global>;
}

/** What rules are checked against. */
export interface RuleChecking {
  readonly units: readonly RuleUnit[];
  readonly tree: RuleNode;
  readonly options: CheckOptions;
  readonly report: Report;
  readonly annotations: AnnotationSet;
  readonly typer: ModuleTyper | undefined;
}

/** What the rules of a set came to, one by one. */
export interface CheckedRules {
  readonly checked: readonly CheckedModule[];
  readonly callees: ReadonlyMap<Call, Callee>;
  /** Every rule, with its lowered form where it is still to be typed. */
  readonly lowered: ReadonlyMap<RuleEntry, LoweredRule | undefined>;
  /** The places below `data` that a rule reads, before its body was put in order; only for rules that read some. */
  readonly reads: ReadonlyMap<RuleEntry, readonly DataPath[]>;
}

/**
 * Lowers, finishes and raises the rules, each to its end before the next: of a large set the lowered form of all rules together is more
 * than everything else. Rules that replace something come first, because what is replaced anywhere decides how calls are checked.
 */
export function checkRules(checking: RuleChecking): CheckedRules {
  const { units, report, annotations, typer } = checking;
  const lower = makeLowering(checking);
  const drafts = new Map<RuleEntry, LoweredRule>();
  const mocked = new Set<string>();
  for (const unit of units)
    for (const entry of unit.entries) {
      if (!hasModifiers(entry.rule)) continue;
      const rule = lower(unit, entry);
      for (const branch of rule.branches) collectMocked(branch.body, mocked);
      drafts.set(entry, rule);
    }
  const callees = new Map<Call, Callee>();
  const finishing = makeFinishing(checking, mocked, callees);
  const lowered = new Map<RuleEntry, LoweredRule | undefined>();
  const reads = new Map<RuleEntry, readonly DataPath[]>();
  const checkRule = (unit: RuleUnit, entry: RuleEntry): CheckedRule | undefined => {
    const draft = drafts.get(entry);
    const rule = draft ?? lower(unit, entry);
    if (rule.asksMetadata)
      for (const branch of rule.branches)
        replaceMetadataCalls(branch.body, entry.rule, annotations);
    const paths = readPaths(rule.branches);
    if (paths.length > 0) reads.set(entry, paths);
    const checked = finishRule(finishing, entry, rule);
    const isAlone = paths.length === 0 && draft === undefined && report.errorCount() === 0;
    const isTyped = isAlone && typer?.typeAlone(entry, rule) === true;
    lowered.set(entry, isTyped || typer === undefined ? undefined : rule);
    return checked;
  };
  const checked = units.map((unit): CheckedModule => {
    const { source, module } = unit.parsed;
    const rules = unit.entries.flatMap((entry) => checkRule(unit, entry) ?? []);
    return { source, module, rules };
  });
  return { checked, callees, lowered, reads };
}

function makeLowering({
  units,
  tree,
  options,
  report,
}: RuleChecking): (unit: RuleUnit, entry: RuleEntry) => LoweredRule {
  const globalsBySource = new Map(units.map((unit) => [unit.parsed.source, unit.globals]));
  const isGlobalName = (source: Source, name: string): boolean =>
    globalsBySource.get(source)?.has(name) ?? false;
  const names = makeNameTable();
  const contexts = new Map<RuleUnit, ModuleContext>();
  const contextOf = (unit: RuleUnit): ModuleContext => {
    const known = contexts.get(unit);
    if (known !== undefined) return known;
    const made: ModuleContext = {
      source: unit.parsed.source,
      report,
      builtins: options.builtins,
      globals: unit.globals,
      notBodies: importsNotBodies(unit.parsed.module),
      definednessOf: (keys) => definednessOf(tree, keys, isGlobalName),
      isFunction: (path) => isFunctionAt(tree, path),
      lower: LOWERING,
    };
    contexts.set(unit, made);
    return made;
  };
  return (unit, entry) => lowerRule(contextOf(unit), entry.rule, makeNameSource(names));
}

function makeFinishing(
  { units, tree, options, report }: RuleChecking,
  mocked: ReadonlySet<string>,
  callees: Map<Call, Callee>,
): Finishing {
  const globalsBySource = new Map(units.map((unit) => [unit.parsed.source, unit.globals]));
  let functions: readonly string[] | undefined;
  const functionNames = (): readonly string[] => {
    functions ??= units.flatMap(({ entries }) =>
      entries.filter(({ isFunction }) => isFunction).map(({ name }) => name),
    );
    return functions;
  };
  const arityOf = makeArityOf(options, tree);
  return {
    calls: { options, tree, report, arityOf, mocked, functionNames },
    withs: { options, tree, report },
    callees,
    knownNames: (source) => globalsBySource.get(source)?.keys() ?? [],
  };
}
