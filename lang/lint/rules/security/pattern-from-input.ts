/**
 * The client chooses the pattern that it is matched with.
 */
import { calledName } from '../../expressions.ts';
import { PATTERN_ARGUMENT } from '../../pattern-calls.ts';
import type { LintRule } from '../../rule.ts';

/** Page: docs/lint/security/pattern-from-input.md. */
export const patternFromInput: LintRule = {
  id: 'security/pattern-from-input',
  level: 'error',
  help: 'keep patterns in the policy or in data',
  skipsTests: true,
  check: ({ report, inputPath }) => ({
    Call: (call, ancestors) => {
      const at = PATTERN_ARGUMENT.get(calledName(call));
      const pattern = at === undefined ? undefined : call.args[at];
      const path = pattern && inputPath(pattern, ancestors);
      if (pattern !== undefined && path !== undefined && /^input\.(action|session)\./.test(path))
        report(pattern.span, 'the client writes this pattern');
    },
  }),
};
