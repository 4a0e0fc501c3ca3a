/**
 * A collection is gone through with `[_]`.
 */

import type { LintRule } from '../../rule.ts';

/** Page: docs/lint/idiomatic/some-in-iteration.md. */
export const someInIteration: LintRule = {
  id: 'idiomatic/some-in-iteration',
  level: 'warning',
  help: 'write `some x in collection`',
  check: ({ report }) => ({
    Ref: (ref) => {
      const at = ref.path.findIndex(({ term }) => term.kind === 'Var' && term.name === '_');
      if (at !== -1 && at < ref.path.length - 1) report(ref.span, 'the member has no name');
    },
  }),
};
