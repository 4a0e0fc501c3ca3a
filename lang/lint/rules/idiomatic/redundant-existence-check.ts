/**
 * A body asks that a value is there before it compares it.
 */
import { equalNodes } from '../../../ast/equal.ts';
import { removeLine } from '../../edits.ts';
import { bareTerm, comparedTexts } from '../../expressions.ts';
import type { LintRule } from '../../rule.ts';

/** Page: docs/lint/idiomatic/redundant-existence-check.md. */
export const redundantExistenceCheck: LintRule = {
  id: 'idiomatic/redundant-existence-check',
  level: 'warning',
  help: 'remove the first of the two',
  check: ({ report, source }) => ({
    Body: ({ literals }) => {
      for (const literal of literals) {
        const asked = bareTerm(literal);
        if (asked?.kind !== 'Ref' || !asked.path.every(({ term }) => term.kind === 'String'))
          continue;
        const isCompared = literals.some((other) => {
          const term = bareTerm(other);
          const compared = term?.kind === 'Infix' ? comparedTexts(term) : undefined;
          return compared !== undefined && !compared.isNegated && equalNodes(compared.term, asked);
        });
        if (isCompared)
          report(literal.span, 'the comparison asks this too', removeLine(source, literal.span));
      }
    },
  }),
};
