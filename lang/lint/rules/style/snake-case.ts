/**
 * A name is not written in small letters with underscores.
 */

import type { LintRule } from '../../rule.ts';

/** Page: docs/lint/style/snake-case.md. */
export const snakeCase: LintRule = {
  id: 'style/snake-case',
  level: 'warning',
  help: 'write `snake_case`',
  yieldsTo: ['testing/never-run'],
  check: ({ report }) => ({
    RuleHead: ({ ref }) => {
      const { head } = ref;
      if (head.kind === 'Var' && /[A-Z]/.test(head.name))
        report(head.span, `\`${head.name}\` has capitals`);
    },
    Assign: ({ target }) => {
      if (target.kind === 'Var' && /[A-Z]/.test(target.name))
        report(target.span, `\`${target.name}\` has capitals`);
    },
  }),
};
