/**
 * A collection that is written out stands as a condition.
 */

import type { LintRule } from '../../rule.ts';

const COLLECTIONS: ReadonlySet<string> = new Set([
  'Array',
  'Object',
  'Set',
  'ArrayComprehension',
  'ObjectComprehension',
  'SetComprehension',
]);

/** Page: docs/lint/bugs/literal-as-condition.md. */
export const literalAsCondition: LintRule = {
  id: 'bugs/literal-as-condition',
  level: 'error',
  help: 'compare something with it',
  check: ({ report }) => ({
    TermExpr: ({ term, span }) => {
      if (COLLECTIONS.has(term.kind)) report(span, 'this always holds');
    },
  }),
};
