/**
 * An `else` follows a branch that always holds.
 */
import { alwaysHolds } from '../../constant.ts';
import type { LintRule } from '../../rule.ts';

/** Page: docs/lint/bugs/unreachable-else.md. */
export const unreachableElse: LintRule = {
  id: 'bugs/unreachable-else',
  level: 'error',
  help: 'remove the branch, or give the one before it a condition',
  check: ({ report }) => ({
    Rule: (rule) => {
      let always = alwaysHolds(rule.body);
      for (const branch of rule.else) {
        if (always) report(branch.span, 'this branch is never reached');
        always = alwaysHolds(branch.body);
      }
      return undefined;
    },
  }),
};
