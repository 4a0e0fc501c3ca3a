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

/** The rules of modules by name, for as long as anybody has the module; see `indexModules`. */
export type NamedRules = WeakMap<Module, ReadonlyMap<string, readonly PlacedRule[]>>;

interface PackageEntry {
  readonly modules: LintModule[];
  readonly rules: ReadonlyMap<string, readonly PlacedRule[]>[];
}

/**
 * Indexes modules; the order of the rules is that of the modules.
 *
 * @param named what is known of modules from an earlier index; it learns what is missing
 */
export function indexModules(
  modules: readonly LintModule[],
  named: NamedRules = new WeakMap(),
): LintIndex {
  const packages = new Map<string, PackageEntry>();
  const prefixes = new Set<string>();
  for (const one of modules) {
    const { path } = one.module.package;
    for (let length = 1; length <= path.length; length += 1)
      prefixes.add(keyOf(path.slice(0, length)));
    const entry: PackageEntry = packages.get(keyOf(path)) ?? { modules: [], rules: [] };
    packages.set(keyOf(path), entry);
    entry.modules.push(one);
    const rules = named.get(one.module) ?? rulesByName(one.module);
    named.set(one.module, rules);
    entry.rules.push(rules);
  }
  return {
    modules,
    rulesAt: (path) => {
      const found: PlacedRule[] = [];
      for (let length = 1; length <= path.length; length += 1) {
        const entry = packages.get(keyOf(path.slice(0, length)));
        const name = path[length];
        for (const rules of entry?.rules ?? [])
          found.push(
            ...(name === undefined ? [...rules.values()].flat() : (rules.get(name) ?? [])),
          );
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

function rulesByName(module: Module): ReadonlyMap<string, readonly PlacedRule[]> {
  return Map.groupBy(
    module.rules.map((rule) => ({ rule, module })),
    ({ rule }) => headName(rule),
  );
}

function keyOf(path: readonly string[]): string {
  return path.join('\0');
}
