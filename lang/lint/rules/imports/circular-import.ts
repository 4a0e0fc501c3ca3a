/**
 * Packages import each other.
 */
import type { LintIndex } from '../../lint-index.ts';
import type { LintRule } from '../../rule.ts';

/** Page: docs/lint/imports/circular-import.md. */
export const circularImport: LintRule = {
  id: 'imports/circular-import',
  level: 'warning',
  help: 'move what both need into a third package',
  skipsTests: true,
  check: ({ report, index, module }) => ({
    Import: ({ path, span }) => {
      const home = module.package.path.join('.');
      const first = packageOf(path, index);
      if (first === undefined || first === home) return;
      const seen = new Set([first]);
      for (const name of seen) {
        if (name === home) {
          report(span, `\`${first}\` imports \`${home}\` in turn`);
          return;
        }
        for (const { module: other } of index.modulesOf(name.split('.')))
          for (const next of other.imports) {
            const found = packageOf(next.path, index);
            if (found !== undefined) seen.add(found);
          }
      }
    },
  }),
};

/** The linted package that an import names, or that holds the rule it names. */
function packageOf(path: readonly string[], index: LintIndex): string | undefined {
  if (path[0] !== 'data') return undefined;
  const names = path.slice(1);
  const found = [names, names.slice(0, -1)].find((one) => index.modulesOf(one).length > 0);
  return found?.join('.');
}
