/**
 * A value is looked up in an array that is written out.
 */

import type { LintRule } from '../../rule.ts';

/** Page: docs/lint/performance/array-membership.md. */
export const arrayMembership: LintRule = {
  id: 'performance/array-membership',
  level: 'warning',
  help: 'write a set: `{...}` in place of `[...]`',
  check: ({ report, source }) => ({
    Membership: ({ collection, key }) => {
      const isLiteral = collection.kind === 'Array' && collection.items.length > 1;
      if (
        key !== undefined ||
        !isLiteral ||
        !collection.items.every(({ kind }) => kind === 'String')
      )
        return;
      const { span } = collection;
      const inner = source.text.slice(span.start + 1, span.end - 1);
      report(span, 'this array is searched one by one', { span, text: `{${inner}}` });
    },
  }),
};
