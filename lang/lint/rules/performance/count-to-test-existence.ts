/**
 * Members are gathered to see whether there is one.
 */
import { calledName } from '../../expressions.ts';
import type { LintRule } from '../../rule.ts';

/** Page: docs/lint/performance/count-to-test-existence.md. */
export const countToTestExistence: LintRule = {
  id: 'performance/count-to-test-existence',
  level: 'warning',
  help: 'write the conditions in the body with `some`',
  check: ({ report }) => ({
    Infix: ({ left, operator, right, span }) => {
      const [gathered] = left.kind === 'Call' && calledName(left) === 'count' ? left.args : [];
      const isZero =
        right.kind === 'Number' && right.text === '0' && (operator === '>' || operator === '!=');
      if (isZero && gathered?.kind.endsWith('Comprehension') === true)
        report(span, 'all are gathered to find one');
    },
  }),
};
