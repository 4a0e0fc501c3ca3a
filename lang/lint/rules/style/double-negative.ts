/**
 * A rule whose name denies something is denied.
 */
import { negatedTerm } from '../../expressions.ts';
import { namesOf } from '../../reach.ts';
import type { LintRule } from '../../rule.ts';

/** Page: docs/lint/style/double-negative.md. */
export const doubleNegative: LintRule = {
  id: 'style/double-negative',
  level: 'warning',
  help: 'name the rule for what is so, and use it without the second `not`',
  check: ({ report }) => ({
    Not: (negation) => {
      const denied = negatedTerm(negation);
      const name = denied && namesOf(denied.kind === 'Call' ? denied.operator : denied)?.at(-1);
      if (name !== undefined && /^(?:not|no|non|isnt)_/.test(name))
        report(negation.span, `\`${name}\` is denied again`);
    },
  }),
};
