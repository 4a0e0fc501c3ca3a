/**
 * A policy imports a package of tests.
 */

import type { LintRule } from '../../rule.ts';

/** Page: docs/lint/imports/test-package.md. */
export const testPackage: LintRule = {
  id: 'imports/test-package',
  level: 'error',
  help: 'move what the policy needs out of the tests',
  skipsTests: true,
  check: ({ report }) => ({
    Import: ({ path, span }) => {
      if (path[0] === 'data' && path.some((part) => part.endsWith('_test')))
        report(span, 'in production this package is not there');
    },
  }),
};
