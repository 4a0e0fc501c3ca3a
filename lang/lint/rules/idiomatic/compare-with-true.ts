/**
 * A value is compared with `true`.
 */
import { headName } from '../../lint-index.ts';
import type { LintRule } from '../../rule.ts';

/** Page: docs/lint/idiomatic/compare-with-true.md. */
export const compareWithTrue: LintRule = {
  id: 'idiomatic/compare-with-true',
  level: 'warning',
  help: 'write the value alone, where it is known to be a boolean',
  check: ({ report, module }) => {
    const own = new Set(module.rules.map(headName));
    return {
      Infix: ({ operator, left, right }) => {
        const isTrue = right.kind === 'Boolean' && right.value;
        if (operator === '==' && isTrue && left.kind === 'Var' && own.has(left.name))
          report(right.span, 'a rule that holds needs no comparison');
        return undefined;
      },
    };
  },
};
