/**
 * One path is imported under two names.
 */

import type { LintRule } from '../../rule.ts';

/** Page: docs/lint/imports/repeated-path.md. */
export const repeatedPath: LintRule = {
  id: 'imports/repeated-path',
  level: 'warning',
  help: 'keep one of the two',
  check: ({ report, module }) => ({
    Import: (node) => {
      const first = module.imports.find(({ path }) => path.join('.') === node.path.join('.'));
      if (first !== undefined && first !== node)
        report(node.span, `\`${node.path.join('.')}\` is imported already`);
    },
  }),
};
