/**
 * An ignore comment gives no reason.
 */
import { readIgnoreComment } from '../../ignore-comment.ts';
import type { LintRule } from '../../rule.ts';

/** Page: docs/lint/style/ignore-without-reason.md. */
export const ignoreWithoutReason: LintRule = {
  id: 'style/ignore-without-reason',
  level: 'error',
  help: 'write `# sallyport ignore: category/rule because <reason>`',
  check: ({ report }) => ({
    Comment: (comment) => {
      if (readIgnoreComment(comment)?.reason === '')
        report(comment.span, 'without a reason nothing is ignored');
      return undefined;
    },
  }),
};
