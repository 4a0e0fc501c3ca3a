/**
 * The package of a test file is not named for tests.
 */

import type { LintRule } from '../../rule.ts';

/** Page: docs/lint/testing/package-without-test-suffix.md. */
export const packageWithoutTestSuffix: LintRule = {
  id: 'testing/package-without-test-suffix',
  level: 'warning',
  help: 'end the name of the package in `_test`',
  check: ({ report, isTest }) => ({
    Package: ({ path, span }) => {
      if (isTest && path.at(-1)?.endsWith('_test') !== true)
        report(span, 'this file adds to the package of a policy');
    },
  }),
};
