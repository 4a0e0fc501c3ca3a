/** What the unqualified names of a module mean: its imports, and the rules of its package in all modules. */
import type { Import, Module } from '../ast/nodes.ts';
import type { Source } from '../source.ts';
import type { Global } from './context.ts';
import type { Report } from './report.ts';

/** The name an import is known by: its alias, or the last part of its path. */
export function importedName(node: Import): string {
  return node.alias?.name ?? node.path[node.path.length - 1] ?? '';
}

/** Does the module ask for the negation that takes nothing out of its operand? */
export function importsNotBodies(module: Module): boolean {
  return module.imports.some(
    ({ path }) =>
      path[0] === 'future' && path[1] === 'keywords' && (path.length === 2 || path[2] === 'not'),
  );
}

/** Reports imports that take the name of another import. */
export function checkImports(module: Module, source: Source, report: Report): void {
  const seen = new Map<string, Import>();
  for (const node of module.imports) {
    const name = importedName(node);
    const first = seen.get(name);
    if (!first) {
      seen.set(name, node);
      continue;
    }
    const same = first.path.join('\0') === node.path.join('\0');
    report.error('check/duplicate-import', source, node.span, `\`${name}\` is imported already`, {
      help: same ? 'remove this import' : 'give one of them another name with `as`',
      related: [{ source, span: first.span, message: 'the first import is here' }],
    });
  }
}

/**
 * Names of the package's rules and of the imports; an import wins.
 * @param ruleNames names of all rules of the package, in any module
 */
export function moduleGlobals(
  module: Module,
  ruleNames: ReadonlySet<string>,
): ReadonlyMap<string, Global> {
  const globals = new Map<string, Global>();
  for (const name of ruleNames) {
    globals.set(name, { root: 'data', path: [...module.package.path, name] });
  }
  for (const node of module.imports) {
    const [root, ...path] = node.path;
    if (root === 'data' || root === 'input') globals.set(importedName(node), { root, path });
  }
  return globals;
}
