/**
 * An object is gone through for a key that is known.
 */
import { bareTerm, comparedTexts } from '../../expressions.ts';
import type { LintRule } from '../../rule.ts';

/** Page: docs/lint/performance/scan-for-known-key.md. */
export const scanForKnownKey: LintRule = {
  id: 'performance/scan-for-known-key',
  level: 'warning',
  help: 'look the key up: `object.key`',
  check: ({ report }) => ({
    Body: ({ literals }) => {
      for (const { expr } of literals) {
        if (expr.kind !== 'SomeIn' || expr.key?.kind !== 'Var') continue;
        const key = expr.key.name;
        const isKnown = literals.some((literal) => {
          const term = bareTerm(literal);
          const compared = term?.kind === 'Infix' ? comparedTexts(term) : undefined;
          return (
            compared?.isNegated === false &&
            compared.term.kind === 'Var' &&
            compared.term.name === key
          );
        });
        if (isKnown) report(expr.span, `\`${key}\` is known beforehand`);
      }
    },
  }),
};
