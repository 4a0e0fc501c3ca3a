/**
 * A comment says that something is left to do.
 */

import type { LintRule } from '../../rule.ts';

/** Page: docs/lint/style/unfinished-comment.md. */
export const unfinishedComment: LintRule = {
  id: 'style/unfinished-comment',
  level: 'warning',
  help: 'do it, or keep it where work is planned',
  check: ({ report }) => ({
    Comment: ({ span, text }) => {
      if (/^\s*(?:TODO|FIXME|XXX)\b/.test(text)) report(span, 'something is left to do here');
    },
  }),
};
