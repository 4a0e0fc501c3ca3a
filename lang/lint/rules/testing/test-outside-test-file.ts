/**
 * A test stands in a module that is loaded in production.
 */
import { headName } from '../../lint-index.ts';
import type { LintRule } from '../../rule.ts';

/** Page: docs/lint/testing/test-outside-test-file.md. */
export const testOutsideTestFile: LintRule = {
  id: 'testing/test-outside-test-file',
  level: 'warning',
  help: 'move it into a file whose name ends in `_test`',
  check: ({ report, isTest }) => ({
    Rule: (rule) => {
      if (!isTest && headName(rule).startsWith('test_'))
        report(rule.head.span, 'this test is a part of the policy');
      return undefined;
    },
  }),
};
