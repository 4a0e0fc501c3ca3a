/**
 * A rule is longer than a screen.
 */

import type { LintRule } from '../../rule.ts';

/** Page: docs/lint/style/long-rule.md. */
export const longRule: LintRule = {
  id: 'style/long-rule',
  level: 'warning',
  help: 'give its parts names and rules of their own',
  options: {
    'max-lines': { about: 'lines a rule may have', default: 40, least: 1 },
  },
  skipsTests: true,
  check: ({ report, option, source }) => ({
    Rule: ({ head, span }) => {
      const lines = source.text.slice(span.start, span.end).split('\n').length;
      if (lines > option('max-lines')) report(head.span, `this rule has ${lines} lines`);
    },
  }),
};
