/**
 * A rule asks for approval and does not say who may give it.
 */
import { entryOf, hasPlainKeys } from '../../constant.ts';
import { decisionMember } from '../../decision-member.ts';
import type { LintRule } from '../../rule.ts';

/** Page: docs/lint/security/approval-without-approvers.md. */
export const approvalWithoutApprovers: LintRule = {
  id: 'security/approval-without-approvers',
  level: 'error',
  help: 'name groups or subjects under `approvers`',
  yieldsTo: ['security/unknown-member-field'],
  skipsTests: true,
  check: ({ report }) => ({
    RuleHead: (head) => {
      const member = decisionMember(head, 'require_approval');
      if (member === undefined) return undefined;
      const approvers = entryOf(member, 'approvers');
      const isEmpty =
        approvers?.kind === 'Object' &&
        approvers.entries.every(({ value }) => value.kind === 'Array' && value.items.length === 0);
      if (isEmpty || (approvers === undefined && hasPlainKeys(member)))
        report((approvers ?? member).span, 'nobody can give this approval');
      return undefined;
    },
  }),
};
