/**
 * A variable is given a value that nothing reads.
 */
import type { Node } from '../../../ast/nodes.ts';
import { visit } from '../../../ast/visit.ts';
import { ruleAround } from '../../expressions.ts';
import type { LintRule } from '../../rule.ts';

/** Page: docs/lint/bugs/unused-assignment.md. */
export const unusedAssignment: LintRule = {
  id: 'bugs/unused-assignment',
  level: 'warning',
  help: 'remove it, or use it',
  check: ({ report }) => ({
    Assign: ({ target }, ancestors) => {
      const rule = ruleAround(ancestors);
      if (target.kind !== 'Var' || rule === undefined || target.name.startsWith('_')) return;
      const uses: Node[] = [];
      visit(rule, {
        Var: (found) => {
          if (found.name === target.name) uses.push(found);
          return undefined;
        },
      });
      if (uses.length === 1) report(target.span, `\`${target.name}\` is never read`);
    },
  }),
};
