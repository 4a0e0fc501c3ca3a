/**
 * A comparison begins with the value that is known.
 */
import { exchangeSides } from '../../edits.ts';
import type { LintRule } from '../../rule.ts';

const KNOWN: ReadonlySet<string> = new Set(['String', 'Number', 'Boolean', 'Null']);

/** Page: docs/lint/style/yoda-condition.md. */
export const yodaCondition: LintRule = {
  id: 'style/yoda-condition',
  level: 'warning',
  help: 'write what is asked about first',
  check: ({ report, source }) => ({
    Infix: (infix) => {
      const { operator, left, right, span } = infix;
      const isComparison = ['==', '!=', '<', '<=', '>', '>='].includes(operator);
      if (isComparison && KNOWN.has(left.kind) && (right.kind === 'Var' || right.kind === 'Ref'))
        report(span, 'the known value stands first', exchangeSides(source, infix));
    },
  }),
};
