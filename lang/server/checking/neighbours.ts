/**
 * Which modules can say something of a module: those it reads, also through others, and those of its package or of one above or
 * below. What is decided of a module among these is what is decided of it among all, but for advice.
 */
import type { Module } from '../../ast/nodes.ts';
import type { ParsedModule } from '../../check/parsed.ts';

/** `data` as a name of its own, with the constant steps that are written right behind it. */
const DATA_PATH = /(?<![\w.])data((?:\.[\w\p{Nd}]+|\["\w+"\])*)/gu;

/** Makes the function that finds them; it remembers what each module reads. */
export function createNeighbours(): (
  home: ParsedModule,
  all: readonly ParsedModule[],
) => readonly ParsedModule[] {
  const known = new WeakMap<Module, readonly (readonly string[])[]>();
  const readsOf = (parsed: ParsedModule): readonly (readonly string[])[] => {
    const found = known.get(parsed.module) ?? placesRead(parsed);
    known.set(parsed.module, found);
    return found;
  };
  return (home, all) => {
    const found = new Set([home]);
    for (const one of found)
      for (const path of readsOf(one))
        for (const other of all)
          if (!found.has(other) && mayMeet(path, other.module.package.path)) found.add(other);
    return all.filter((one) => found.has(one));
  };
}

/**
 * Its own package, and every place below `data` that is written anywhere in it. The text is searched and not the tree, because that
 * is done at every keystroke: what a comment or a string says adds neighbours, and one too many changes nothing.
 */
function placesRead({ module, source }: ParsedModule): readonly (readonly string[])[] {
  const paths = new Map<string, readonly string[]>();
  const add = (path: readonly string[]): void => void paths.set(path.join('\0'), path);
  add(module.package.path);
  for (const { path } of module.imports) if (path[0] === 'data') add(path.slice(1));
  for (const [, steps = ''] of source.text.matchAll(DATA_PATH))
    add(steps.match(/[\w\p{Nd}]+/gu) ?? []);
  return [...paths.values()];
}

function mayMeet(path: readonly string[], other: readonly string[]): boolean {
  const shared = Math.min(path.length, other.length);
  for (let at = 0; at < shared; at += 1) if (path[at] !== other[at]) return false;
  return true;
}
