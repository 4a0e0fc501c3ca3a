/**
 * A rule is given its value with `=`.
 */
import type { LintRule } from '../../rule.ts';

/** Page: docs/lint/style/assignment-operator.md. */
export const assignmentOperator: LintRule = {
  id: 'style/assignment-operator',
  level: 'warning',
  help: 'write `:=`',
  check: ({ report, source }) => ({
    RuleHead: ({ assign, ref, params, value }) => {
      if (assign !== '=' || value === undefined) return undefined;
      const from = params?.at(-1)?.span.end ?? ref.span.end;
      const between = source.text.slice(from, value.span.start);
      const at = between.indexOf('=');
      const span = { start: from + at, end: from + at + 1 };
      const isPlain = at !== -1 && !between.includes('#');
      report(
        isPlain ? span : value.span,
        '`=` compares and binds; a rule is assigned',
        isPlain ? { span, text: ':=' } : undefined,
      );
      return undefined;
    },
  }),
};
