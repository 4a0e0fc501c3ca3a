/**
 * Both sides of a comparison are the same.
 */
import { equalNodes } from '../../../ast/equal.ts';
import type { LintRule } from '../../rule.ts';

const NAMED: ReadonlySet<string> = new Set(['Var', 'Ref']);

/** Page: docs/lint/bugs/self-comparison.md. */
export const selfComparison: LintRule = {
  id: 'bugs/self-comparison',
  level: 'error',
  help: 'compare with what was meant',
  check: ({ report }) => ({
    Infix: ({ operator, left, right, span }) => {
      const isComparison = ['==', '!=', '<', '<=', '>', '>='].includes(operator);
      if (isComparison && NAMED.has(left.kind) && equalNodes(left, right))
        report(span, 'both sides are the same');
      return undefined;
    },
  }),
};
