/**
 * A rule allows by a part of a name.
 */
import { defines } from '../../decision-member.ts';
import { calledName, ruleAround } from '../../expressions.ts';
import type { LintRule } from '../../rule.ts';

/** Page: docs/lint/security/substring-of-identity.md. */
export const substringOfIdentity: LintRule = {
  id: 'security/substring-of-identity',
  level: 'error',
  help: 'compare the whole name, or look the group up with `in`',
  skipsTests: true,
  check: ({ report, inputPath }) => ({
    Call: (call, ancestors) => {
      const rule = ruleAround(ancestors);
      const [subject] = call.args;
      if (calledName(call) !== 'contains' || rule === undefined || !defines(rule, 'allow')) return;
      const path = subject && inputPath(subject, ancestors);
      if (
        path?.startsWith('input.identity.') === true &&
        !ancestors.some(({ kind }) => kind === 'Not')
      )
        report(call.span, 'other names have this part too');
    },
  }),
};
