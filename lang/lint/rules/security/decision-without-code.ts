/**
 * A member of a decision document lacks its code, its reason or its method.
 */
import { entryOf, hasPlainKeys } from '../../constant.ts';
import { decisionMember } from '../../decision-member.ts';
import type { LintRule } from '../../rule.ts';

const REQUIRED: readonly (readonly [string, readonly string[]])[] = [
  ['block', ['code', 'reason']],
  ['require_approval', ['code', 'reason']],
  ['mask', ['code', 'with']],
];

/** Page: docs/lint/security/decision-without-code.md. */
export const decisionWithoutCode: LintRule = {
  id: 'security/decision-without-code',
  level: 'error',
  help: '`block` and `require_approval` have `code` and `reason`, `mask` has `code` and `with`',
  yieldsTo: ['security/unknown-member-field'],
  skipsTests: true,
  check: ({ report }) => ({
    RuleHead: (head) => {
      for (const [name, keys] of REQUIRED) {
        const member = decisionMember(head, name);
        if (member === undefined || !hasPlainKeys(member)) continue;
        const missing = keys.find((key) => entryOf(member, key) === undefined);
        if (missing !== undefined)
          report(member.span, `the member of \`${name}\` has no \`${missing}\``);
      }
      return undefined;
    },
  }),
};
