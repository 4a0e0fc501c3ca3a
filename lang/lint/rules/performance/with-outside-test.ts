/**
 * A policy replaces a part of the input or of the data.
 */
import { ruleAround } from '../../expressions.ts';
import { headName } from '../../lint-index.ts';
import type { LintRule } from '../../rule.ts';

/** Page: docs/lint/performance/with-outside-test.md. */
export const withOutsideTest: LintRule = {
  id: 'performance/with-outside-test',
  level: 'warning',
  help: 'give the other value to a function',
  skipsTests: true,
  check: ({ report }) => ({
    With: ({ span }, ancestors) => {
      const rule = ruleAround(ancestors);
      // A test that stands in a policy is told as that.
      if (rule === undefined || !headName(rule).startsWith('test_'))
        report(span, '`with` evaluates everything again');
    },
  }),
};
