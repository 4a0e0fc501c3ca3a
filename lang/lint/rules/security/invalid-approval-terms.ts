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
  help: '`quorum` is a whole number from 1, `expires` a duration such as `30m`, `scope` one of `statement`, `session`, `duration`',
  skipsTests: true,
  check: ({ report, contract }) => ({
    RuleHead: (head) => {
      const member = decisionMember(head, 'require_approval');
      if (member === undefined || contract === undefined) return;
      const quorum = entryOf(member, 'quorum');
      const isText = quorum?.kind === 'String';
      if (isText || (quorum?.kind === 'Number' && !/^[1-9]\d?$|^100$/.test(quorum.text)))
        report(quorum.span, 'a quorum is a number of people, from 1 to 100');
      const expires = entryOf(member, 'expires');
      if (
        expires?.kind === 'Number' ||
        (expires?.kind === 'String' && contract.duration(expires.value) === undefined)
      )
        report(expires.span, 'this is not a duration of at most 90 days');
      const scope = entryOf(member, 'scope');
      if (scope?.kind === 'String' && !contract.approvalScopes.includes(scope.value))
        report(scope.span, `there is no scope \`${scope.value}\``);
    },
  }),
};
