/**
 * A module uses `not` with the meaning it had before `future.keywords.not`.
 */
import type { LintRule } from '../../rule.ts';

/** Page: docs/lint/security/legacy-not.md. */
export const legacyNot: LintRule = {
  id: 'security/legacy-not',
  level: 'warning',
  help: 'add `import future.keywords.not` to the module',
  skipsTests: true,
  check: ({ report, module }) => {
    const isImported = module.imports.some(({ path }) => path.join('.') === 'future.keywords.not');
    return isImported
      ? {}
      : {
          Not: ({ span }) =>
            void report(
              { start: span.start, end: span.start + 3 },
              '`not` fails where a part of what it negates is undefined',
            ),
        };
  },
};
