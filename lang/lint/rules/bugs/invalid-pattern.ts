/**
 * A text that is used as a regular expression is none.
 */
import { calledName } from '../../expressions.ts';
import { PATTERN_ARGUMENT, takesRegex } from '../../pattern-calls.ts';
import type { LintRule } from '../../rule.ts';

/** Page: docs/lint/bugs/invalid-pattern.md. */
export const invalidPattern: LintRule = {
  id: 'bugs/invalid-pattern',
  level: 'error',
  help: 'write it in the syntax of RE2',
  check: ({ report, contract }) => ({
    Call: (call) => {
      const name = calledName(call);
      const at = takesRegex(name) ? PATTERN_ARGUMENT.get(name) : undefined;
      const pattern = at === undefined ? undefined : call.args[at];
      if (pattern?.kind === 'String' && contract?.patternFault(pattern.value) !== undefined)
        report(pattern.span, 'this is not a regular expression');
    },
  }),
};
