/**
 * Two conditions of one body exclude each other.
 */
import { equalNodes } from '../../../ast/equal.ts';
import { bareTerm, comparedTexts, hasWildcard, type TextComparison } from '../../expressions.ts';
import type { LintRule } from '../../rule.ts';

/** Page: docs/lint/bugs/contradicting-conditions.md. */
export const contradictingConditions: LintRule = {
  id: 'bugs/contradicting-conditions',
  level: 'error',
  help: 'keep the one that was meant, or write two rules',
  check: ({ report }) => ({
    Body: ({ literals }) => {
      const seen: TextComparison[] = [];
      for (const literal of literals) {
        const term = bareTerm(literal);
        const compared = term && comparedTexts(term);
        if (compared === undefined || compared.isNegated || hasWildcard(compared.term)) continue;
        const excludes = (other: TextComparison): boolean =>
          equalNodes(other.term, compared.term) &&
          !other.texts.some(({ value }) => compared.texts.some((text) => text.value === value));
        if (seen.some(excludes)) report(literal.span, 'an earlier condition excludes this one');
        seen.push(compared);
      }
    },
  }),
};
