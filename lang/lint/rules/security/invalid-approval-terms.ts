/**
 * The terms of an approval cannot be read.
 */
import { entryOf } from '../../constant.ts';
import { decisionMember } from '../../decision-member.ts';
import type { LintRule } from '../../rule.ts';

/** Page: docs/lint/security/invalid-approval-terms.md. */
export const invalidApprovalTerms: LintRule = {
  id: 'security/invalid-approval-terms',
  level: 'error',
  help: '`quorum` is a whole number from 1, `expires` a duration such as `30m`, `scope` statement, session or duration',
  skipsTests: true,
  check: ({ report, contract }) => ({
    RuleHead: (head) => {
      const member = decisionMember(head, 'require_approval');
      if (member === undefined || contract === undefined) return;
      const quorum = entryOf(member, 'quorum');
      const isText = quorum?.kind === 'String';
      if (isText || (quorum?.kind === 'Number' && !/^[1-9]\d?$|^100$/.test(quorum.text)))
        report(quorum.span, 'this is no number of people');
      const expires = entryOf(member, 'expires');
      if (
        expires?.kind === 'Number' ||
        (expires?.kind === 'String' && contract.duration(expires.value) === undefined)
      )
        report(expires.span, 'this is no duration of 90 days at most');
      const scope = entryOf(member, 'scope');
      if (scope?.kind === 'String' && !contract.approvalScopes.includes(scope.value))
        report(scope.span, `the scopes are ${contract.approvalScopes.join(', ')}`);
    },
  }),
};
