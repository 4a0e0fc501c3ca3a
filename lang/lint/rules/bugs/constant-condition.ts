/**
 * A condition does not depend on anything.
 */
import { constantTruth } from '../../constant.ts';
import type { LintRule } from '../../rule.ts';

/** Page: docs/lint/bugs/constant-condition.md. */
export const constantCondition: LintRule = {
  id: 'bugs/constant-condition',
  level: 'warning',
  help: 'remove it, or compare with what was meant',
  yieldsTo: ['security/block-never-fires'],
  check: ({ report }) => ({
    Body: (body, ancestors) => {
      for (const literal of body.literals) {
        const truth = constantTruth(literal);
        const isOnly =
          body.literals.length === 1 &&
          literal.expr.kind === 'TermExpr' &&
          literal.expr.term.kind === 'Boolean';
        const owner = ancestors.at(-1)?.kind;
        if (truth === undefined || isOnly || (owner !== 'Rule' && owner !== 'ElseBranch')) continue;
        report(literal.span, truth ? 'this always holds' : 'this never holds');
      }
      return undefined;
    },
  }),
};
