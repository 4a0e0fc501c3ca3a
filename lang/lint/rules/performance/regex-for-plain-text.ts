/**
 * A regular expression looks for a text that has nothing to match.
 */
import { namesOf } from '../../reach.ts';
import type { LintRule } from '../../rule.ts';

/** Page: docs/lint/performance/regex-for-plain-text.md. */
export const regexForPlainText: LintRule = {
  id: 'performance/regex-for-plain-text',
  level: 'warning',
  help: 'use `contains`, `startswith`, `endswith` or `==`',
  yieldsTo: ['security/unanchored-pattern'],
  check: ({ report }) => ({
    Call: ({ operator, args }) => {
      const [pattern] = args;
      if (namesOf(operator)?.join('.') !== 'regex.match' || pattern?.kind !== 'String')
        return undefined;
      const inner = pattern.value.replace(/^\^/, '').replace(/\$$/, '');
      if (!/[\\^$.|?*+()[\]{}]/.test(inner)) report(pattern.span, 'the pattern is a plain text');
      return undefined;
    },
  }),
};
