/**
 * Which modules can say something of a module: those it reads, also through others, and those of its package or of one above or
 * below. What is decided of a module among these is what is decided of it among all, but for replaced builtins and for advice.
 */
import type { Module } from '../../ast/nodes.ts';
import { visit } from '../../ast/visit.ts';
import type { ParsedModule } from '../../check/parsed.ts';
import { namesOf } from '../../lint/reach.ts';

/** Makes the function that finds them; it remembers what each module reads. */
export function createNeighbours(): (
  home: ParsedModule,
  all: readonly ParsedModule[],
) => readonly ParsedModule[] {
  const known = new WeakMap<Module, readonly (readonly string[])[]>();
  const readsOf = (module: Module): readonly (readonly string[])[] => {
    const found = known.get(module) ?? packagesRead(module);
    known.set(module, found);
    return found;
  };
  return (home, all) => {
    const found = new Set([home]);
    for (const { module } of found)
      for (const path of readsOf(module))
        for (const other of all)
          if (!found.has(other) && mayMeet(path, other.module.package.path)) found.add(other);
    return all.filter((one) => found.has(one));
  };
}

/** Its own package, and every place below `data` that is written anywhere in it. */
function packagesRead(module: Module): readonly (readonly string[])[] {
  const paths = new Map<string, readonly string[]>();
  const add = (path: readonly string[]): void => void paths.set(path.join('\0'), path);
  add(module.package.path);
  for (const { path } of module.imports) if (path[0] === 'data') add(path.slice(1));
  visit(module, {
    enter: (node, ancestors) => {
      if (node.kind !== 'Ref' && node.kind !== 'Var') return undefined;
      const parent = ancestors.at(-1);
      if (node.kind === 'Var' && parent?.kind === 'Ref' && parent.head === node) return undefined;
      const [first, ...names] = namesOf(node) ?? [];
      if (first === 'data') add(names);
      return undefined;
    },
  });
  return [...paths.values()];
}

function mayMeet(path: readonly string[], other: readonly string[]): boolean {
  const shared = Math.min(path.length, other.length);
  for (let at = 0; at < shared; at += 1) if (path[at] !== other[at]) return false;
  return true;
}
