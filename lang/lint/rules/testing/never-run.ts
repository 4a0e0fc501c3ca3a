/**
 * A rule of a test file looks like a test and is none.
 */

import type { LintRule } from '../../rule.ts';

/** Page: docs/lint/testing/never-run.md. */
export const neverRun: LintRule = {
  id: 'testing/never-run',
  level: 'error',
  help: 'begin its name with `test_`',
  check: ({ report, isTest }) => ({
    RuleHead: ({ params, ref }) => {
      const name = ref.head.kind === 'Var' ? ref.head.name : '';
      if (isTest && params === undefined && /^(?:tests?[A-Z]|tests_|_test_|Test)|_test$/.test(name))
        report(ref.span, `\`${name}\` is never run`);
    },
  }),
};
