/**
 * A test replaces the decision that it tests.
 */
import { DECISION_DOCUMENTS } from '../../decision-member.ts';
import { namesOf } from '../../reach.ts';
import type { LintRule } from '../../rule.ts';

/** Page: docs/lint/testing/mock-of-decision.md. */
export const mockOfDecision: LintRule = {
  id: 'testing/mock-of-decision',
  level: 'warning',
  help: 'replace the input, and let the policy decide',
  check: ({ report }) => ({
    With: ({ target }) => {
      const names = namesOf(target) ?? [];
      if (names[0] === 'data' && DECISION_DOCUMENTS.has(names.at(-1) ?? ''))
        report(target.span, 'the test replaces what it asks for');
    },
  }),
};
