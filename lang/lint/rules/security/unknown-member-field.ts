/**
 * A member of a decision document has a field that the decision does not know.
 */
import { suggest } from '../../../suggest.ts';
import { decisionMember } from '../../decision-member.ts';
import type { LintRule } from '../../rule.ts';

/** Page: docs/lint/security/unknown-member-field.md. */
export const unknownMemberField: LintRule = {
  id: 'security/unknown-member-field',
  level: 'error',
  help: 'use the fields that the document has',
  skipsTests: true,
  check: ({ report, contract }) => ({
    RuleHead: (head) => {
      for (const [document, fields] of contract?.memberFields ?? [])
        for (const { key } of decisionMember(head, document)?.entries ?? []) {
          if (key.kind !== 'String' || fields.includes(key.value)) continue;
          const close = suggest(key.value, fields);
          const help =
            close === undefined
              ? `its fields are ${fields.join(', ')}`
              : `did you mean \`${close}\`?`;
          const message = `a member of \`${document}\` has no field \`${key.value}\``;
          report(key.span, message, undefined, help);
        }
    },
  }),
};
