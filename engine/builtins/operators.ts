/** The operators under their names as builtins: arithmetic, comparison, and rounding. OPA topdown/arithmetic.go, comparison.go. */
import {
  absolute,
  add,
  ceil,
  divide,
  floor,
  multiply,
  remainder,
  round,
  subtract,
} from '../value/arithmetic.ts';
import { compareValues, equalValues, isSet } from '../value/compare.ts';
import { isNumber } from '../value/number.ts';
import type { BuiltinFunction } from './context.ts';
import { anyValue, builtin, number, operandTypeFault } from './operand.ts';

const comparison = (holds: (order: number) => boolean): BuiltinFunction =>
  builtin([anyValue, anyValue], (_ctx, a, b) => holds(compareValues(a, b)));

const equality: BuiltinFunction = builtin([anyValue, anyValue], (_ctx, a, b) => equalValues(a, b));

export const OPERATORS = {
  plus: builtin([number, number], (_ctx, a, b) => add(a, b)),
  minus: builtin([anyValue, anyValue], (_ctx, a, b) => {
    if (isNumber(a)) return isNumber(b) ? subtract(a, b) : operandTypeFault(2, b, 'number');
    if (!isSet(a)) return operandTypeFault(1, a, 'number', 'set');
    if (isSet(b)) return a.difference(b);
    return operandTypeFault(2, b, isNumber(b) ? 'set' : 'number');
  }),
  mul: builtin([number, number], (_ctx, a, b) => multiply(a, b)),
  div: builtin([number, number], (_ctx, a, b) => divide(a, b)),
  rem: builtin([number, number], (_ctx, a, b) => remainder(a, b)),
  abs: builtin([number], (_ctx, n) => absolute(n)),
  round: builtin([number], (_ctx, n) => round(n)),
  ceil: builtin([number], (_ctx, n) => ceil(n)),
  floor: builtin([number], (_ctx, n) => floor(n)),
  // `=` on two values that are known is equality; binding variables is the evaluator's.
  eq: equality,
  equal: equality,
  neq: builtin([anyValue, anyValue], (_ctx, a, b) => !equalValues(a, b)),
  gt: comparison((order) => order > 0),
  gte: comparison((order) => order >= 0),
  lt: comparison((order) => order < 0),
  lte: comparison((order) => order <= 0),
} satisfies Readonly<Record<string, BuiltinFunction>>;
