/**
 * A rule is given each member of a collection in turn.
 */

import type { LintRule } from '../../rule.ts';

/** Page: docs/lint/bugs/top-level-iteration.md. */
export const topLevelIteration: LintRule = {
  id: 'bugs/top-level-iteration',
  level: 'error',
  help: 'gather the members with `contains`, or choose one',
  check: ({ report }) => ({
    RuleHead: ({ contains, params, ref, value }) => {
      const isPlain = contains === undefined && params === undefined && ref.path.length === 0;
      if (
        isPlain &&
        value?.kind === 'Ref' &&
        value.path.some(({ term }) => term.kind === 'Var' && term.name === '_')
      )
        report(value.span, 'a rule has one value, and this has many');
    },
  }),
};
