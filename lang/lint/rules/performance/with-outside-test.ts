/**
 * A policy replaces a part of the input or of the data.
 */

import type { LintRule } from '../../rule.ts';

/** Page: docs/lint/performance/with-outside-test.md. */
export const withOutsideTest: LintRule = {
  id: 'performance/with-outside-test',
  level: 'warning',
  help: 'give the other value to a function',
  skipsTests: true,
  check: ({ report }) => ({
    With: ({ span }) => report(span, '`with` evaluates everything again'),
  }),
};
