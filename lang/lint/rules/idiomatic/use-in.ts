/**
 * Membership is asked by comparing with `[_]`.
 */
import type { Term } from '../../../ast/nodes.ts';
import type { LintRule } from '../../rule.ts';

/** Page: docs/lint/idiomatic/use-in.md. */
export const useIn: LintRule = {
  id: 'idiomatic/use-in',
  level: 'warning',
  help: 'write `x in collection`',
  check: ({ report }) => ({
    Infix: ({ operator, left, right, span }) => {
      const asks = (term: Term): boolean => {
        const last = term.kind === 'Ref' ? term.path.at(-1)?.term : undefined;
        return last?.kind === 'Var' && last.name === '_';
      };
      if (operator === '==' && asks(left) !== asks(right))
        report(span, 'this asks whether a value is a member');
      return undefined;
    },
  }),
};
