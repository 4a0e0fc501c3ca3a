/**
 * A rule allows because every member passes, and there may be no members.
 */
import { visit } from '../../../ast/visit.ts';
import { defines } from '../../decision-member.ts';
import { literalsOf, ruleAround } from '../../expressions.ts';
import type { LintRule } from '../../rule.ts';

/** Page: docs/lint/security/every-of-none.md. */
export const everyOfNone: LintRule = {
  id: 'security/every-of-none',
  level: 'warning',
  help: 'also ask that it is not empty, or ask for the class of the statement',
  skipsTests: true,
  check: ({ report, inputPath }) => ({
    Every: (every, ancestors) => {
      const rule = ruleAround(ancestors);
      if (rule === undefined || !defines(rule, 'allow')) return;
      const path = inputPath(every.domain, ancestors);
      if (path === undefined || path === 'input.action.sql.statements') return;
      const others = literalsOf(rule).filter(({ expr }) => expr !== every);
      const isAsked = others.some(
        (literal) =>
          !visit(literal, {
            Ref: (ref) => (inputPath(ref, ancestors)?.startsWith(path) ? 'stop' : undefined),
          }),
      );
      if (!isAsked) report(every.domain.span, '`every` also holds where this is empty');
    },
  }),
};
