/**
 * A test is marked as to do.
 */
import { headName } from '../../lint-index.ts';
import type { LintRule } from '../../rule.ts';

/** Page: docs/lint/testing/unfinished-test.md. */
export const unfinishedTest: LintRule = {
  id: 'testing/unfinished-test',
  level: 'warning',
  help: 'finish it, or remove it',
  check: ({ report }) => ({
    Rule: (rule) => {
      if (headName(rule).startsWith('todo_test_')) report(rule.head.span, 'this test is not run');
    },
  }),
};
