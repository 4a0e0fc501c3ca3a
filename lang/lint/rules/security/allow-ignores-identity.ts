/**
 * A rule allows actions without a look at who acts.
 */
import type { Rule } from '../../../ast/nodes.ts';
import { alwaysHolds } from '../../constant.ts';
import { headName } from '../../lint-index.ts';
import { reachOf, reads } from '../../reach.ts';
import type { LintRule } from '../../rule.ts';

/** `allow := false if ...` allows nobody. */
function neverAllows({ head, else: branches }: Rule): boolean {
  const { value } = head;
  return value?.kind === 'Boolean' && !value.value && branches.length === 0;
}

/** Page: docs/lint/security/allow-ignores-identity.md. */
export const allowIgnoresIdentity: LintRule = {
  id: 'security/allow-ignores-identity',
  level: 'error',
  help: 'ask for `input.identity` in the rule, or in a rule it uses',
  skipsTests: true,
  check: ({ report, module, index }) => ({
    Rule: (rule) => {
      if (headName(rule) !== 'allow' || rule.isDefault || alwaysHolds(rule.body)) return undefined;
      if (neverAllows(rule)) return undefined;
      if (!reads(reachOf(rule, module, index), 'input.identity'))
        report(rule.head.span, '`allow` does not depend on who acts');
      return undefined;
    },
  }),
};
