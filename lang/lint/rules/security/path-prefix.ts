/**
 * A path is allowed by its beginning, which ends in the middle of a name.
 */
import { defines } from '../../decision-member.ts';
import { calledName, ruleAround } from '../../expressions.ts';
import type { LintRule } from '../../rule.ts';

/** Page: docs/lint/security/path-prefix.md. */
export const pathPrefix: LintRule = {
  id: 'security/path-prefix',
  level: 'error',
  help: 'compare `segments`, or end the beginning with `/`',
  skipsTests: true,
  check: ({ report, inputPath }) => ({
    Call: (call, ancestors) => {
      const rule = ruleAround(ancestors);
      const [subject, prefix] = call.args;
      if (calledName(call) !== 'startswith' || rule === undefined || !defines(rule, 'allow'))
        return;
      if (subject === undefined || prefix?.kind !== 'String' || prefix.value.endsWith('/')) return;
      if (inputPath(subject, ancestors) === 'input.action.http.path')
        report(prefix.span, `\`${prefix.value}-export\` begins like this too`);
    },
  }),
};
