/**
 * A count is compared so that the answer is always the same.
 */
import { calledName } from '../../expressions.ts';
import type { LintRule } from '../../rule.ts';

/** Page: docs/lint/bugs/count-comparison.md. */
export const countComparison: LintRule = {
  id: 'bugs/count-comparison',
  level: 'error',
  help: 'compare with the number that was meant',
  check: ({ report }) => ({
    Infix: ({ operator, left, right, span }) => {
      if (left.kind !== 'Call' || calledName(left) !== 'count' || right.kind !== 'Number') return;
      const bound = Number(right.text);
      const always =
        (operator === '>=' && bound <= 0) ||
        (operator === '>' && bound < 0) ||
        (operator === '!=' && bound < 0);
      const never =
        (operator === '<' && bound <= 0) ||
        (operator === '<=' && bound < 0) ||
        (operator === '==' && bound < 0);
      if (always || never) report(span, always ? 'this always holds' : 'this never holds');
    },
  }),
};
