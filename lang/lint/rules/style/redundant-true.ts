/**
 * A rule with a condition is given `true`.
 */

import type { LintRule } from '../../rule.ts';

/** Page: docs/lint/style/redundant-true.md. */
export const redundantTrue: LintRule = {
  id: 'style/redundant-true',
  level: 'warning',
  help: 'leave `:= true` out',
  check: ({ report, source }) => ({
    Rule: ({ body, head, isDefault }) => {
      const { assign, params, ref, value } = head;
      if (isDefault || body === undefined || value?.kind !== 'Boolean' || !value.value) return;
      const from = params?.at(-1)?.span.end ?? ref.span.end;
      const between = source.text.slice(from, value.span.start);
      const start = from + between.lastIndexOf(assign ?? ':=');
      const before = source.text.slice(from, start).trimEnd().length;
      const span = { start: from + before, end: value.span.end };
      report(
        value.span,
        'a rule is true where its body holds',
        between.includes('#') ? undefined : { span, text: '' },
      );
    },
  }),
};
