/**
 * A test asks for nothing.
 */
import { alwaysHolds } from '../../constant.ts';
import { headName } from '../../lint-index.ts';
import type { LintRule } from '../../rule.ts';

/** Page: docs/lint/testing/test-without-condition.md. */
export const testWithoutCondition: LintRule = {
  id: 'testing/test-without-condition',
  level: 'error',
  help: 'let the test evaluate what it is named for',
  check: ({ report }) => ({
    Rule: (rule) => {
      if (headName(rule).startsWith('test_') && alwaysHolds(rule.body))
        report(rule.head.span, 'this test cannot fail');
      return undefined;
    },
  }),
};
