/**
 * A mask depends on words that whoever writes the statement chooses.
 */
import { defines } from '../../decision-member.ts';
import { ruleAround } from '../../expressions.ts';
import type { LintRule } from '../../rule.ts';

const CHOSEN_BY_CLIENT: ReadonlySet<string> = new Set([
  'input.action.text',
  'input.action.sql.statements[].text',
  'input.action.sql.statements[].tables[].alias',
  'input.session.client.application',
]);

/** Page: docs/lint/security/mask-evaded-by-alias.md. */
export const maskEvadedByAlias: LintRule = {
  id: 'security/mask-evaded-by-alias',
  level: 'error',
  help: 'say what is masked by `column` alone, and let identity or resource decide when',
  skipsTests: true,
  check: ({ report, inputPath }) => ({
    Ref: (ref, ancestors) => {
      const rule = ruleAround(ancestors);
      const isHead = ancestors.some(({ kind }) => kind === 'RuleHead');
      if (rule === undefined || isHead || !defines(rule, 'mask')) return;
      const path = inputPath(ref, ancestors) ?? '';
      if (CHOSEN_BY_CLIENT.has(path))
        report(ref.span, 'whoever writes the statement can turn this mask off');
    },
  }),
};
