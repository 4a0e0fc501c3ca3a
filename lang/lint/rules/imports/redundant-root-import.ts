/**
 * `data` or `input` is imported.
 */
import { removeLine } from '../../edits.ts';
import type { LintRule } from '../../rule.ts';

/** Page: docs/lint/imports/redundant-root-import.md. */
export const redundantRootImport: LintRule = {
  id: 'imports/redundant-root-import',
  level: 'warning',
  help: 'remove it',
  check: ({ report, source }) => ({
    Import: ({ alias, path, span }) => {
      const isRoot = path.length === 1 && (path[0] === 'data' || path[0] === 'input');
      if (isRoot && alias === undefined)
        report(span, `\`${path[0]}\` is there anyway`, removeLine(source, span));
    },
  }),
};
