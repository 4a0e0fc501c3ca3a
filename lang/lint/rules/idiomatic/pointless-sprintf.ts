/**
 * `sprintf` has nothing to put in.
 */
import { calledName } from '../../expressions.ts';
import type { LintRule } from '../../rule.ts';

/** Page: docs/lint/idiomatic/pointless-sprintf.md. */
export const pointlessSprintf: LintRule = {
  id: 'idiomatic/pointless-sprintf',
  level: 'warning',
  help: 'write the text alone',
  check: ({ report, source }) => ({
    Call: (call) => {
      const [pattern, values] = call.args;
      const isEmpty =
        values?.kind === 'Array' && values.items.length === 0 && call.args.length === 2;
      if (calledName(call) !== 'sprintf' || pattern?.kind !== 'String' || !isEmpty) return;
      if (pattern.value.includes('%')) return;
      const text = source.text.slice(pattern.span.start, pattern.span.end);
      report(call.span, 'this text has no places', { span: call.span, text });
    },
  }),
};
