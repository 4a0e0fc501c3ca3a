/** What is remembered of a module between two checks, and how its rules are matched with those of the text as it is now. */
import type { Module } from '../../ast/nodes.ts';
import type { Global } from '../../check/context.ts';
import { moduleGlobals } from '../../check/imports.ts';
import type { ParsedModule } from '../../check/parsed.ts';
import { describeRule, type RuleEntry } from '../../check/rule-tree.ts';
import { type RuleShape, shapeOf } from './place-changes.ts';
import { type RuleMemory, textOf } from './rule-memory.ts';

export interface ModuleMemory {
  readonly module: Module;
  readonly header: string;
  readonly entries: readonly RuleEntry[];
  readonly shapes: readonly RuleShape[];
  readonly memories: readonly (RuleMemory | undefined)[];
}

/** A module of the present check. */
export interface Unit {
  readonly parsed: ParsedModule;
  readonly packageKey: string;
  /** Package and imports as text: names mean something else when they change. */
  readonly header: string;
  readonly entries: readonly RuleEntry[];
  readonly shapes: readonly RuleShape[];
  /** What is remembered of each rule, by its text; it may not hold any more. */
  readonly recalled: readonly (RuleMemory | undefined)[];
  /** What is remembered of the rule that stood in the place of each, by shape. */
  readonly predecessors: readonly (RuleMemory | undefined)[];
  /** What unqualified names mean. */
  readonly globals: () => ReadonlyMap<string, Global>;
}

/** Describes every module; one that has not changed keeps its descriptions. */
export function describeUnits(
  modules: readonly ParsedModule[],
  previous: ReadonlyMap<string, ModuleMemory>,
): readonly Unit[] {
  const namesOf = new Map<string, Set<string>>();
  const units = modules.map((parsed) => describeUnit(parsed, previous, namesOf));
  for (const { packageKey, shapes } of units) {
    const names = namesOf.get(packageKey) ?? new Set<string>();
    namesOf.set(packageKey, names);
    for (const { name } of shapes) names.add(name);
  }
  return units;
}

function describeUnit(
  parsed: ParsedModule,
  previous: ReadonlyMap<string, ModuleMemory>,
  namesOf: ReadonlyMap<string, ReadonlySet<string>>,
): Unit {
  const { module, source } = parsed;
  const known = previous.get(source.name);
  const packageKey = module.package.path.join('\0');
  let made: ReadonlyMap<string, Global> | undefined;
  const globals = (): ReadonlyMap<string, Global> => {
    made ??= moduleGlobals(module, namesOf.get(packageKey) ?? new Set());
    return made;
  };
  if (known?.module === module) {
    const { header, entries, shapes, memories } = known;
    const own = { recalled: memories, predecessors: memories };
    return { parsed, packageKey, header, entries, shapes, ...own, globals };
  }
  const entries = module.rules.map((rule) => describeRule(rule, source, module.package.path));
  const shapes = entries.map(shapeOf);
  const header = headerOf(module);
  const remembered = known?.memories ?? [];
  const byText = pool(remembered, (memory) => memory.text);
  const byShape = pool(remembered, (_, at) => known?.shapes[at]?.text ?? '');
  return {
    parsed,
    packageKey,
    header,
    entries,
    shapes,
    recalled:
      known?.header === header ? entries.map(({ rule }) => byText(textOf(rule, source))) : [],
    predecessors: shapes.map(({ text }) => byShape(text)),
    globals,
  };
}

function headerOf({ package: { path }, imports }: Module): string {
  const names = imports.map(({ path: own, alias }) => `${own.join('.')} ${alias?.name ?? ''}`);
  return [path.join('.'), ...names].join('\n');
}

/** Hands out what is remembered by some key, each once, in order. */
function pool(
  memories: readonly (RuleMemory | undefined)[],
  keyOf: (memory: RuleMemory, at: number) => string,
): (key: string) => RuleMemory | undefined {
  const byKey = new Map<string, RuleMemory[]>();
  for (const [at, memory] of memories.entries()) {
    if (memory === undefined) continue;
    const key = keyOf(memory, at);
    const known = byKey.get(key);
    if (known === undefined) byKey.set(key, [memory]);
    else known.push(memory);
  }
  return (key) => byKey.get(key)?.shift();
}
