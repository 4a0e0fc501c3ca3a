/**
 * A package with decisions does not say what it demands.
 */
import { DECISION_DOCUMENTS } from '../../decision-member.ts';
import { headName } from '../../lint-index.ts';
import type { LintRule } from '../../rule.ts';

/** Page: docs/lint/style/package-without-title.md. */
export const packageWithoutTitle: LintRule = {
  id: 'style/package-without-title',
  level: 'off',
  help: 'begin the file with a METADATA block that has a `title`',
  skipsTests: true,
  check: ({ report, module }) => ({
    Package: (node) => {
      const decides = module.rules.some((rule) => DECISION_DOCUMENTS.has(headName(rule)));
      const isTitled = module.comments.some(
        ({ text, span }) => span.start < node.span.start && /^\s*title:\s*\S/.test(text),
      );
      if (decides && !isTitled) report(node.span, 'this package has no title');
    },
  }),
};
