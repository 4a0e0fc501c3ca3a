/**
 * A rule is given the outcome of a comparison.
 */

import type { LintRule } from '../../rule.ts';

/** Page: docs/lint/idiomatic/boolean-rule.md. */
export const booleanRule: LintRule = {
  id: 'idiomatic/boolean-rule',
  level: 'warning',
  help: 'write the comparison after `if`',
  check: ({ report }) => ({
    Rule: ({ body, head, isDefault }) => {
      const { value, params } = head;
      const isComparison =
        value?.kind === 'Infix' && ['==', '!=', '<', '<=', '>', '>='].includes(value.operator);
      if (isComparison && !isDefault && body === undefined && params === undefined)
        report(value.span, 'a condition stands in the place of a value');
    },
  }),
};
