/**
 * An import asks for what every module has anyway.
 */
import type { LintRule } from '../../rule.ts';

const IMPLIED: ReadonlySet<string> = new Set([
  'rego.v1',
  'future.keywords',
  ...['if', 'in', 'every', 'contains'].map((word) => `future.keywords.${word}`),
]);

/** Page: docs/lint/imports/redundant-import.md. */
export const redundantImport: LintRule = {
  id: 'imports/redundant-import',
  level: 'warning',
  help: 'remove it',
  check: ({ report }) => ({
    Import: ({ path, span }) => {
      if (IMPLIED.has(path.join('.')))
        report(span, 'the import changes nothing', { span, text: '' });
      return undefined;
    },
  }),
};
