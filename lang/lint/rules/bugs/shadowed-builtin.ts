/**
 * A rule or a variable has the name of a builtin.
 */

import type { LintRule } from '../../rule.ts';

/** Page: docs/lint/bugs/shadowed-builtin.md. */
export const shadowedBuiltin: LintRule = {
  id: 'bugs/shadowed-builtin',
  level: 'warning',
  help: 'choose another name',
  check: ({ report, contract }) => {
    const isBuiltin = (name: string): boolean => contract?.builtins.has(name) === true;
    return {
      RuleHead: ({ ref }) => {
        if (ref.head.kind === 'Var' && isBuiltin(ref.head.name))
          report(ref.head.span, `\`${ref.head.name}\` is a builtin`);
      },
      Assign: ({ target }) => {
        if (target.kind === 'Var' && isBuiltin(target.name))
          report(target.span, `\`${target.name}\` is a builtin`);
      },
    };
  },
};
