/**
 * Which policy files a change affects: those that changed, and by turns those that share a package with one or refer to it. What
 * cannot be told counts as affected. It compiles nothing.
 */
import { realpathSync } from 'node:fs';
import { basename, dirname, extname, resolve } from 'node:path';
import type { Module } from '../../lang/ast/nodes.ts';
import { visit } from '../../lang/ast/visit.ts';
import { parseModule } from '../../lang/parse.ts';
import type { Source } from '../../lang/source.ts';
import type { PolicyFiles } from '../policies/read-files.ts';
import type { ChangedFiles } from './changed-files.ts';
import { LINT_CONFIG_NAME } from './lint-config.ts';

type Path = readonly string[];

/** The files that changed themselves. */
export function changedAmong(
  sources: readonly Source[],
  changed: ChangedFiles,
): ReadonlySet<Source> {
  return new Set(sources.filter(({ name }) => changed.paths.has(realPath(name))));
}

/** The files that changed and those they affect. A change of base data or of a lint configuration affects all. */
export function affectedBy(files: PolicyFiles, changed: ChangedFiles): ReadonlySet<Source> {
  const sources = [...files.policies, ...files.tests];
  if ([...changed.paths].some(affectsAll)) return new Set(sources);
  const affected = new Set(changedAmong(sources, changed));
  const packages = packagesBefore(changed);
  const waiting = new Map<Source, Module>();
  for (const source of sources) {
    const { module, diagnostics } = parseModule(source);
    if (module === undefined || diagnostics.length > 0) affected.add(source);
    else if (affected.has(source)) packages.push(module.package.path);
    else waiting.set(source, module);
  }
  const referred = new Map([...waiting].map(([source, module]) => [source, referredIn(module)]));
  // Packages are added while this runs, each followed in its turn.
  for (const path of packages)
    for (const [source, module] of waiting) {
      if (!(referred.get(source) ?? []).some((other) => overlaps(other, path))) continue;
      waiting.delete(source);
      affected.add(source);
      packages.push(module.package.path);
    }
  return affected;
}

function affectsAll(path: string): boolean {
  const name = basename(path);
  return name === LINT_CONFIG_NAME || /^data\.(json|ya?ml)$/.test(name);
}

/** Packages the changed files had: a file that is gone, or has another package now, is missed by those that refer to it. */
function packagesBefore(changed: ChangedFiles): Path[] {
  return [...changed.paths].flatMap((path) => {
    if (!['.policy', '.rego'].includes(extname(path))) return [];
    const text = changed.textBefore(path);
    if (text === undefined) return [];
    const { module } = parseModule({ name: path, text });
    // What a text that cannot be read defined, nobody knows.
    return [module === undefined ? [] : module.package.path];
  });
}

/** Paths below `data` a module may read: its own package, its imports, and its references as far as they are constant. */
function referredIn(module: Module): readonly Path[] {
  const paths: Path[] = [module.package.path];
  for (const { path } of module.imports) if (path[0] === 'data') paths.push(path.slice(1));
  visit(module, {
    Ref: ({ head, path }) => {
      if (head.kind !== 'Var' || head.name !== 'data') return undefined;
      const constant: string[] = [];
      for (const { term } of path) {
        if (term.kind !== 'String') break;
        constant.push(term.value);
      }
      paths.push(constant);
      return undefined;
    },
    Var: ({ name }, ancestors) => {
      if (name === 'data' && ancestors.at(-1)?.kind !== 'Ref') paths.push([]);
      return undefined;
    },
  });
  return paths;
}

function overlaps(left: Path, right: Path): boolean {
  const length = Math.min(left.length, right.length);
  return left.slice(0, length).every((part, at) => part === right[at]);
}

/** As git names it: without symbolic links in the folders above. */
function realPath(name: string): string {
  const path = resolve(name);
  return resolve(realpathSync(dirname(path)), basename(path));
}
