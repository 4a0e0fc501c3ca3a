/**
 * Two tests have one name.
 */
import { headName } from '../../lint-index.ts';
import type { LintRule } from '../../rule.ts';

/** Page: docs/lint/testing/duplicate-test-name.md. */
export const duplicateTestName: LintRule = {
  id: 'testing/duplicate-test-name',
  level: 'warning',
  help: 'name each for what it shows',
  check: ({ report, module }) => ({
    Rule: (rule) => {
      const name = headName(rule);
      if (!name.startsWith('test_') || rule.head.ref.path.length > 0) return;
      if (module.rules.find((other) => headName(other) === name) !== rule)
        report(rule.head.span, `\`${name}\` stands here twice`);
    },
  }),
};
