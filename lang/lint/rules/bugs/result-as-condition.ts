/**
 * A call that gives a number or a text stands as a condition.
 */
import { calledName } from '../../expressions.ts';
import type { LintRule } from '../../rule.ts';

/** Builtins without a boolean result and not used to try whether a text can be read, with their arguments: one more binds the result. */
const ARITY: ReadonlyMap<string, number> = new Map([
  ...[
    'count',
    'sum',
    'product',
    'max',
    'min',
    'sort',
    'lower',
    'upper',
    'trim_space',
    'abs',
    'ceil',
    'floor',
    'round',
  ].map((name): [string, number] => [name, 1]),
  ...['trim', 'split', 'concat', 'sprintf', 'indexof', 'array.concat', 'object.union'].map(
    (name): [string, number] => [name, 2],
  ),
  ...['replace', 'substring', 'regex.replace'].map((name): [string, number] => [name, 3]),
]);

/** Page: docs/lint/bugs/result-as-condition.md. */
export const resultAsCondition: LintRule = {
  id: 'bugs/result-as-condition',
  level: 'error',
  help: 'compare the result with what was meant',
  check: ({ report }) => ({
    TermExpr: ({ term, span }) => {
      if (term.kind === 'Call' && ARITY.get(calledName(term)) === term.args.length)
        report(span, `every result of \`${calledName(term)}\` holds, zero and the empty text too`);
    },
  }),
};
