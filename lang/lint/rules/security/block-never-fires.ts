/**
 * A rule that blocks, asks for approval or masks has a condition that never holds.
 */
import { constantTruth } from '../../constant.ts';
import { headName } from '../../lint-index.ts';
import type { LintRule } from '../../rule.ts';

/** Page: docs/lint/security/block-never-fires.md. */
export const blockNeverFires: LintRule = {
  id: 'security/block-never-fires',
  level: 'error',
  help: 'remove the condition, or the rule',
  skipsTests: true,
  check: ({ report }) => ({
    Rule: (rule) => {
      if (!['block', 'require_approval', 'mask'].includes(headName(rule))) return undefined;
      const never = rule.body?.literals.find((literal) => constantTruth(literal) === false);
      if (never !== undefined)
        report(never.span, `this condition never holds, so \`${headName(rule)}\` never fires`);
      return undefined;
    },
  }),
};
