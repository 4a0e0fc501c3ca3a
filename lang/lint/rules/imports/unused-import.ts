/**
 * An import is never used.
 */
import { visit } from '../../../ast/visit.ts';
import type { LintRule } from '../../rule.ts';

/** Page: docs/lint/imports/unused-import.md. */
export const unusedImport: LintRule = {
  id: 'imports/unused-import',
  level: 'warning',
  help: 'remove it',
  check: ({ report, module }) => {
    const used = new Set<string>();
    for (const rule of module.rules) visit(rule, { Var: ({ name }) => void used.add(name) });
    return {
      Import: ({ path, alias, span }) => {
        const name = alias?.name ?? path.at(-1) ?? '';
        if ((path[0] === 'data' || path[0] === 'input') && !used.has(name))
          report(span, `\`${name}\` is imported and never used`);
        return undefined;
      },
    };
  },
};
