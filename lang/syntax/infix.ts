/**
 * Operator precedence: folds the flat `operand operator operand ...` list that the grammar reads into a tree.
 * From loose to tight: comparisons, `|`, `&`, `+ -`, `* / %`; all group to the left, comparisons too, as in OPA.
 */
import type { InfixOperator, Term } from '../ast/nodes.ts';

const BINDING: Readonly<Record<InfixOperator, number>> = {
  '==': 1,
  '!=': 1,
  '<': 1,
  '<=': 1,
  '>': 1,
  '>=': 1,
  '|': 2,
  '&': 3,
  '+': 4,
  '-': 4,
  '*': 5,
  '/': 5,
  '%': 5,
};

/** Whether the text is an operator of an infix expression. */
export function isInfixOperator(text: string): text is InfixOperator {
  return Object.hasOwn(BINDING, text);
}

/** The tree of a chain; `operators[i]` stands between `operands[i]` and `operands[i + 1]`. */
export function foldInfix(
  first: Term,
  operators: readonly InfixOperator[],
  rest: readonly Term[],
): Term {
  const values: Term[] = [first];
  const pending: InfixOperator[] = [];
  const reduce = (): void => {
    const operator = pending.pop();
    const right = values.pop();
    const left = values.pop();
    if (operator === undefined || left === undefined || right === undefined) return;
    const span = { start: left.span.start, end: right.span.end };
    values.push({ kind: 'Infix', span, operator, left, right });
  };
  for (const [index, operator] of operators.entries()) {
    const operand = rest[index];
    if (operand === undefined) break;
    for (let top = pending.at(-1); top !== undefined; top = pending.at(-1)) {
      if (BINDING[top] < BINDING[operator]) break;
      reduce();
    }
    pending.push(operator);
    values.push(operand);
  }
  while (pending.length > 0) reduce();
  return values[0] ?? first;
}
