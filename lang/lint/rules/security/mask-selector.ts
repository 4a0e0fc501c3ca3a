/**
 * A mask says its place in no way, or in two.
 */
import { entryOf, hasPlainKeys } from '../../constant.ts';
import { decisionMember } from '../../decision-member.ts';
import type { LintRule } from '../../rule.ts';

/** Page: docs/lint/security/mask-selector.md. */
export const maskSelector: LintRule = {
  id: 'security/mask-selector',
  level: 'error',
  help: 'give exactly one of `column`, `field`, `header`, `detector`',
  yieldsTo: ['security/unknown-member-field'],
  skipsTests: true,
  check: ({ report, contract }) => ({
    RuleHead: (head) => {
      const member = decisionMember(head, 'mask');
      if (member === undefined || contract === undefined || !hasPlainKeys(member)) return;
      const given = contract.maskSelectors.filter((name) => entryOf(member, name) !== undefined);
      if (given.length !== 1)
        report(
          member.span,
          given.length === 0
            ? 'this mask does not say what it hides'
            : `this mask says ${given.length} times what it hides`,
        );
    },
  }),
};
