/**
 * An import is given the name it has anyway.
 */

import type { LintRule } from '../../rule.ts';

/** Page: docs/lint/imports/redundant-alias.md. */
export const redundantAlias: LintRule = {
  id: 'imports/redundant-alias',
  level: 'warning',
  help: 'leave `as` out',
  check: ({ report, source }) => ({
    Import: ({ alias, path, span }) => {
      if (alias === undefined || alias.name !== path.at(-1) || path.length < 2) return;
      const text = source.text.slice(span.start, alias.span.end);
      const at = text.search(/\s+as\s+\S+$/);
      const edit = { span: { start: span.start + at, end: alias.span.end }, text: '' };
      report(alias.span, 'this is its name already', at === -1 ? undefined : edit);
    },
  }),
};
