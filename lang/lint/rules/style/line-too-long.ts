/**
 * A line is longer than the layout allows.
 */

import type { LintRule } from '../../rule.ts';

/** Page: docs/lint/style/line-too-long.md. */
export const lineTooLong: LintRule = {
  id: 'style/line-too-long',
  level: 'warning',
  help: 'run `sallyport fmt`, or break the text',
  options: {
    columns: { about: 'columns a line may have', default: 140, least: 40 },
  },
  check: ({ report, option, source }) => ({
    Package: () => {
      let start = 0;
      for (const line of source.text.split('\n')) {
        const end = start + line.length;
        if (line.length > option('columns'))
          report({ start, end }, `this line has ${line.length} columns`);
        start = end + 1;
      }
    },
  }),
};
