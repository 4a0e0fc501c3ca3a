/**
 * The rules of all linted modules by package and name, so that following a reference does not look at every module. Made once for
 * a run; it holds no results.
 */
import type { Module, Rule } from '../ast/nodes.ts';
import type { LintModule } from './rule.ts';

/** A rule with the module it stands in. */
export interface PlacedRule {
  readonly rule: Rule;
  readonly module: Module;
}

export interface LintIndex {
  readonly modules: readonly LintModule[];
  /** The rules a path below `data` may mean: those of a name, or of a whole package. */
  readonly rulesAt: (path: readonly string[]) => readonly PlacedRule[];
  /** Whether a module has that package, or one below it. */
  readonly hasPackage: (path: readonly string[]) => boolean;
  /** The modules of a package. */
  readonly modulesOf: (path: readonly string[]) => readonly LintModule[];
}

interface PackageEntry {
  readonly modules: LintModule[];
  readonly all: PlacedRule[];
  readonly byName: Map<string, PlacedRule[]>;
}

/** Indexes modules; the order of the rules is that of the modules. */
export function indexModules(modules: readonly LintModule[]): LintIndex {
  const packages = new Map<string, PackageEntry>();
  const prefixes = new Set<string>();
  for (const one of modules) {
    const { path } = one.module.package;
    for (let length = 1; length <= path.length; length += 1)
      prefixes.add(keyOf(path.slice(0, length)));
    const entry: PackageEntry = packages.get(keyOf(path)) ?? {
      modules: [],
      all: [],
      byName: new Map(),
    };
    packages.set(keyOf(path), entry);
    entry.modules.push(one);
    for (const rule of one.module.rules) addRule(entry, { rule, module: one.module });
  }
  return {
    modules,
    rulesAt: (path) => {
      const found: PlacedRule[] = [];
      for (let length = 1; length <= path.length; length += 1) {
        const entry = packages.get(keyOf(path.slice(0, length)));
        const name = path[length];
        if (entry !== undefined)
          found.push(...(name === undefined ? entry.all : (entry.byName.get(name) ?? [])));
      }
      return found;
    },
    hasPackage: (path) => prefixes.has(keyOf(path)),
    modulesOf: (path) => packages.get(keyOf(path))?.modules ?? [],
  };
}

/** The first name of a rule's head. */
export function headName(rule: Rule): string {
  const { head } = rule.head.ref;
  return head.kind === 'Var' ? head.name : '';
}

function addRule(entry: PackageEntry, placed: PlacedRule): void {
  const name = headName(placed.rule);
  const known = entry.byName.get(name);
  if (known === undefined) entry.byName.set(name, [placed]);
  else known.push(placed);
  entry.all.push(placed);
}

function keyOf(path: readonly string[]): string {
  return path.join('\0');
}
