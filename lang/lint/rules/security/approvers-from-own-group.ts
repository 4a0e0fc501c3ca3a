/**
 * Who asks belongs to the group that approves.
 */
import { entryOf } from '../../constant.ts';
import { decisionMember } from '../../decision-member.ts';
import { bareTerm, literalsOf } from '../../expressions.ts';
import type { LintRule } from '../../rule.ts';

/** Page: docs/lint/security/approvers-from-own-group.md. */
export const approversFromOwnGroup: LintRule = {
  id: 'security/approvers-from-own-group',
  level: 'warning',
  help: 'let another group approve, or let this group act without approval',
  skipsTests: true,
  check: ({ report, inputPath }) => ({
    Rule: (rule) => {
      const member = decisionMember(rule.head, 'require_approval');
      const approvers = member && entryOf(member, 'approvers');
      const groups = approvers?.kind === 'Object' ? entryOf(approvers, 'groups') : undefined;
      if (groups?.kind !== 'Array' && groups?.kind !== 'Set') return;
      const own = literalsOf(rule).flatMap((literal) => {
        const term = bareTerm(literal);
        const isMember = term?.kind === 'Membership' && term.value.kind === 'String';
        if (!isMember || inputPath(term.collection, [rule]) !== 'input.identity.groups') return [];
        return term.value.kind === 'String' ? [term.value.value] : [];
      });
      for (const item of groups.items)
        if (item.kind === 'String' && own.includes(item.value))
          report(item.span, `the requester is in \`${item.value}\`, and so are the approvers`);
    },
  }),
};
