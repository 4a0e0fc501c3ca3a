/**
 * A mask covers every column of a table.
 */
import { entryOf } from '../../constant.ts';
import { decisionMember } from '../../decision-member.ts';
import type { LintRule } from '../../rule.ts';

/** Page: docs/lint/security/wildcard-mask-column.md. */
export const wildcardMaskColumn: LintRule = {
  id: 'security/wildcard-mask-column',
  level: 'warning',
  help: 'name the columns',
  skipsTests: true,
  check: ({ report }) => ({
    RuleHead: (head) => {
      const member = decisionMember(head, 'mask');
      const column = member && entryOf(member, 'column');
      if (column?.kind === 'String' && column.value.split('.').at(-1) === '*')
        report(column.span, 'the mask covers every column there is, keys included');
      return undefined;
    },
  }),
};
