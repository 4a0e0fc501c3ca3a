/**
 * An approval lasts longer than a working day.
 */
import { entryOf } from '../../constant.ts';
import { decisionMember } from '../../decision-member.ts';
import type { LintRule } from '../../rule.ts';

const MS_PER_HOUR = 3_600_000;

/** Page: docs/lint/security/long-approval.md. */
export const longApproval: LintRule = {
  id: 'security/long-approval',
  level: 'warning',
  help: 'ask again sooner, or let a policy allow it for good',
  options: {
    'max-hours': { about: 'the longest time that is right, in hours', default: 24, least: 1 },
  },
  skipsTests: true,
  check: ({ report, contract, option }) => ({
    RuleHead: (head) => {
      const member = decisionMember(head, 'require_approval');
      const expires = member && entryOf(member, 'expires');
      if (expires?.kind !== 'String') return;
      const lasts = contract?.duration(expires.value) ?? 0;
      if (lasts > option('max-hours') * MS_PER_HOUR)
        report(expires.span, `this approval lasts longer than ${option('max-hours')} hours`);
    },
  }),
};
