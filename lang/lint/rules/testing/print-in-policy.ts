/**
 * A policy prints while it decides.
 */
import { removeLine } from '../../edits.ts';
import { bareTerm, calledName } from '../../expressions.ts';
import type { LintRule } from '../../rule.ts';

/** Page: docs/lint/testing/print-in-policy.md. */
export const printInPolicy: LintRule = {
  id: 'testing/print-in-policy',
  level: 'warning',
  help: 'remove it, or move it into a test',
  skipsTests: true,
  check: ({ report, source }) => ({
    Body: ({ literals }) => {
      for (const literal of literals) {
        const term = bareTerm(literal);
        if (term?.kind === 'Call' && calledName(term) === 'print')
          report(
            literal.span,
            'this prints in production',
            literals.length > 1 ? removeLine(source, literal.span) : undefined,
          );
      }
    },
  }),
};
