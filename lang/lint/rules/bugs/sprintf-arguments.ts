/**
 * `sprintf` has more or fewer values than its text has places.
 */
import { calledName } from '../../expressions.ts';
import type { LintRule } from '../../rule.ts';

const counted = (count: number, word: string): string =>
  `${count} ${word}${count === 1 ? '' : 's'}`;

/** Page: docs/lint/bugs/sprintf-arguments.md. */
export const sprintfArguments: LintRule = {
  id: 'bugs/sprintf-arguments',
  level: 'error',
  help: 'give one value for each place',
  check: ({ report }) => ({
    Call: (call) => {
      const [pattern, values] = call.args;
      if (calledName(call) !== 'sprintf' || pattern?.kind !== 'String' || values?.kind !== 'Array')
        return;
      // Explicit indexes and widths from values make places that cannot be counted.
      if (/%[^a-zA-Z%]*[[*]/.test(pattern.value)) return;
      const places =
        pattern.value.replaceAll('%%', '').match(/%[-+# 0]*\d*(\.\d*)?[a-zA-Z]/g)?.length ?? 0;
      const given = values.items.length;
      if (places !== given)
        report(
          call.span,
          `the text has ${counted(places, 'place')} for ${counted(given, 'value')}`,
        );
    },
  }),
};
