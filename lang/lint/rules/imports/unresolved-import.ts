/**
 * An import names a rule that the package does not have.
 */
import { suggest } from '../../../suggest.ts';
import { headName } from '../../lint-index.ts';
import type { LintRule } from '../../rule.ts';

/** Page: docs/lint/imports/unresolved-import.md. */
export const unresolvedImport: LintRule = {
  id: 'imports/unresolved-import',
  level: 'warning',
  help: 'name a rule of the package, or the package',
  check: ({ report, index }) => ({
    Import: ({ path, span }) => {
      const names = path.slice(1);
      const home = names.slice(0, -1);
      const isFound =
        path[0] !== 'data' || index.hasPackage(names) || index.rulesAt(names).length > 0;
      if (isFound || index.modulesOf(home).length === 0) return;
      const known = index.rulesAt(home).map(({ rule }) => headName(rule));
      const close = suggest(names.at(-1) ?? '', known);
      if (close === undefined) return;
      const message = `\`${home.join('.')}\` has no rule \`${names.at(-1)}\``;
      report(span, message, undefined, `did you mean \`${close}\`?`);
    },
  }),
};
