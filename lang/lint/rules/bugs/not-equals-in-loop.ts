/**
 * A value is compared by `!=` with any member of a collection.
 */

import type { LintRule } from '../../rule.ts';

/** Page: docs/lint/bugs/not-equals-in-loop.md. */
export const notEqualsInLoop: LintRule = {
  id: 'bugs/not-equals-in-loop',
  level: 'error',
  help: 'write `not value in collection`',
  check: ({ report }) => ({
    Infix: ({ operator, left, right, span }) => {
      const loops = [left, right].some(
        (side) =>
          side.kind === 'Ref' &&
          side.path.some(({ term }) => term.kind === 'Var' && term.name === '_'),
      );
      if (operator === '!=' && loops) report(span, 'this holds as soon as one member differs');
    },
  }),
};
