/**
 * Every part of the input is visited.
 */
import { calledName } from '../../expressions.ts';
import type { LintRule } from '../../rule.ts';

/** Page: docs/lint/performance/walk-over-input.md. */
export const walkOverInput: LintRule = {
  id: 'performance/walk-over-input',
  level: 'warning',
  help: 'go through the part that is meant',
  skipsTests: true,
  check: ({ report, inputPath }) => ({
    Call: (call, ancestors) => {
      const [subject] = call.args;
      const path = subject && inputPath(subject, ancestors);
      if (calledName(call) === 'walk' && (path === 'input' || path === 'input.action'))
        report(call.span, `\`${path}\` is visited whole`);
    },
  }),
};
