/**
 * A rule allows every action, whatever it is and whoever asks.
 */
import { alwaysHolds } from '../../constant.ts';
import { headName } from '../../lint-index.ts';
import type { LintRule } from '../../rule.ts';

/** Page: docs/lint/security/allow-everything.md. */
export const allowEverything: LintRule = {
  id: 'security/allow-everything',
  level: 'error',
  help: 'let the rule ask who acts, and what is done',
  skipsTests: true,
  check: ({ report }) => ({
    Rule: (rule) => {
      if (headName(rule) !== 'allow' || rule.head.ref.path.length > 0) return undefined;
      const { value } = rule.head;
      const isTrue = value === undefined || (value.kind === 'Boolean' && value.value);
      if (isTrue && alwaysHolds(rule.body))
        report(rule.head.span, '`allow` is true for every action');
      return undefined;
    },
  }),
};
