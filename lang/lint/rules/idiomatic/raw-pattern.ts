/**
 * A regular expression is written with doubled backslashes.
 */
import { calledName } from '../../expressions.ts';
import { PATTERN_ARGUMENT } from '../../pattern-calls.ts';
import type { LintRule } from '../../rule.ts';

/** Page: docs/lint/idiomatic/raw-pattern.md. */
export const rawPattern: LintRule = {
  id: 'idiomatic/raw-pattern',
  level: 'warning',
  help: 'write it between back-ticks',
  check: ({ report, source }) => ({
    Call: (call) => {
      const at = PATTERN_ARGUMENT.get(calledName(call));
      const pattern = at === undefined ? undefined : call.args[at];
      if (pattern?.kind !== 'String' || pattern.raw) return;
      const { span, value } = pattern;
      if (!source.text.slice(span.start, span.end).includes('\\\\')) return;
      const isPlain = !/[`\r\n]/.test(value);
      report(
        span,
        'backslashes are doubled here',
        isPlain ? { span, text: `\`${value}\`` } : undefined,
      );
    },
  }),
};
