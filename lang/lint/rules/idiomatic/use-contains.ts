/**
 * A text is looked for by the place where it stands.
 */
import { calledName } from '../../expressions.ts';
import type { LintRule } from '../../rule.ts';

/** Page: docs/lint/idiomatic/use-contains.md. */
export const useContains: LintRule = {
  id: 'idiomatic/use-contains',
  level: 'warning',
  help: 'use `contains` or `startswith`',
  check: ({ report }) => ({
    Infix: ({ left, right, operator, span }) => {
      if (left.kind !== 'Call' || calledName(left) !== 'indexof' || right.kind !== 'Number') return;
      if (right.text === '-1' || right.text === '0')
        report(
          span,
          operator === '==' && right.text === '0'
            ? '`startswith` asks this'
            : '`contains` asks this',
        );
    },
  }),
};
