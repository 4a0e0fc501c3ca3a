/**
 * An ignore comment names a rule that does not exist.
 */
import { suggest } from '../../../suggest.ts';
import { readIgnoreComment } from '../../ignore-comment.ts';
import type { LintRule } from '../../rule.ts';

/** Page: docs/lint/style/ignore-unknown-rule.md. */
export const ignoreUnknownRule: LintRule = {
  id: 'style/ignore-unknown-rule',
  level: 'error',
  help: 'write the name of the rule as `sallyport lint` prints it',
  check: ({ report, ruleNames }) => ({
    Comment: (comment) => {
      const ignore = readIgnoreComment(comment);
      if (ignore === undefined || ruleNames.includes(ignore.rule)) return;
      const close = suggest(ignore.rule, ruleNames);
      const help = close === undefined ? undefined : `did you mean \`${close}\`?`;
      report(comment.span, `there is no rule \`${ignore.rule}\``, undefined, help);
    },
  }),
};
