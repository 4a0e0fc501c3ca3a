/**
 * The approvers of a rule are taken from the identity that asks.
 */
import { entryOf } from '../../constant.ts';
import { decisionMember } from '../../decision-member.ts';
import { reachOf } from '../../reach.ts';
import type { LintRule } from '../../rule.ts';

/** Page: docs/lint/security/approval-by-requester.md. */
export const approvalByRequester: LintRule = {
  id: 'security/approval-by-requester',
  level: 'error',
  help: 'name the approvers without `input.identity`',
  skipsTests: true,
  check: ({ report, module, index }) => ({
    RuleHead: (head) => {
      const member = decisionMember(head, 'require_approval');
      const approvers = member && entryOf(member, 'approvers');
      if (approvers === undefined) return undefined;
      const { paths } = reachOf(approvers, module, index);
      const isOwn = [...paths].some((path) =>
        /^input\.identity\.(subject|name|email|groups|claims)\b/.test(path),
      );
      if (isOwn) report(approvers.span, 'the requester chooses who may approve');
      return undefined;
    },
  }),
};
