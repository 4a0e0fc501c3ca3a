/**
 * A mask names a method that does not exist.
 */
import { entryOf } from '../../constant.ts';
import { decisionMember } from '../../decision-member.ts';
import type { LintRule } from '../../rule.ts';

const METHODS: ReadonlySet<string> = new Set([
  'redact',
  'null',
  'hash',
  'last4',
  'first1',
  'email',
  'format',
  'tokenize',
]);

/** Page: docs/lint/security/unknown-mask-method.md. */
export const unknownMaskMethod: LintRule = {
  id: 'security/unknown-mask-method',
  level: 'error',
  help: 'the methods are redact, null, hash, last4, first1, email, format, tokenize',
  skipsTests: true,
  check: ({ report }) => ({
    RuleHead: (head) => {
      const member = decisionMember(head, 'mask');
      const method = member && entryOf(member, 'with');
      if (method?.kind === 'String' && !METHODS.has(method.value))
        report(method.span, `there is no mask method \`${method.value}\``);
      return undefined;
    },
  }),
};
