/**
 * Operands of builtins: each descriptor checks one argument and turns it into what the implementation works with, or answers
 * OPA's type error (`operand 1 must be string but got number`). `builtin` joins descriptors and an implementation.
 */
import { isArray, isObject, isSet, kindOf } from '../value/compare.ts';
import { type BuiltinFault, isFault, typeError } from '../value/fault.ts';
import { isNumber, toInteger, toPlainInteger } from '../value/number.ts';
import type { RegoObject } from '../value/object.ts';
import type { RegoSet } from '../value/set.ts';
import type { RegoNumber, Value } from '../value/value.ts';
import type { BuiltinContext, BuiltinFunction } from './context.ts';

/** Checks the argument at a one-based position. */
export type Operand<T> = (value: Value, position: number) => T | BuiltinFault;

/** Characters of text that count as one step. */
const TEXT_PER_STEP = 64;

/** A type error about one operand. */
export function operandFault(position: number, expectation: string): BuiltinFault {
  return typeError(`operand ${position} ${expectation}`);
}

/** `operand 1 must be string but got number`, or `must be one of {a, b}`. */
export function operandTypeFault(
  position: number,
  got: Value,
  ...expected: readonly string[]
): BuiltinFault {
  const wanted = expected.length === 1 ? expected[0] : `one of {${expected.join(', ')}}`;
  return operandFault(position, `must be ${wanted} but got ${kindOf(got)}`);
}

/** `operand 1 must be array of strings but got array containing number`. */
export function operandElementFault(
  position: number,
  composite: Value,
  got: Value,
  ...expected: readonly string[]
): BuiltinFault {
  const kind = kindOf(composite);
  const wanted =
    expected.length === 1
      ? `${kind} of ${expected[0]}s`
      : `${kind} of (any of) {${expected.join(', ')}}`;
  return operandFault(position, `must be ${wanted} but got ${kind} containing ${kindOf(got)}`);
}

export const anyValue: Operand<Value> = (value) => value;

export const text: Operand<string> = (value, position) =>
  typeof value === 'string' ? value : operandTypeFault(position, value, 'string');

export const number: Operand<RegoNumber> = (value, position) =>
  isNumber(value) ? value : operandTypeFault(position, value, 'number');

export const array: Operand<readonly Value[]> = (value, position) =>
  isArray(value) ? value : operandTypeFault(position, value, 'array');

export const object: Operand<RegoObject> = (value, position) =>
  isObject(value) ? value : operandTypeFault(position, value, 'object');

export const set: Operand<RegoSet> = (value, position) =>
  isSet(value) ? value : operandTypeFault(position, value, 'set');

/** An integer of any size, spelt in any way. */
export const integer: Operand<bigint> = (value, position) => {
  if (!isNumber(value)) return operandTypeFault(position, value, 'number');
  return (
    toInteger(value) ??
    operandFault(position, 'must be integer number but got floating-point number')
  );
};

/** An integer that fits Go's `int`, as a JavaScript number, clamped to the safe range; `1e3` is none. */
export const int: Operand<number> = (value, position) => {
  if (!isNumber(value)) return operandTypeFault(position, value, 'number');
  const exact = toPlainInteger(value);
  return exact === undefined
    ? operandFault(position, 'must be integer number but got floating-point number')
    : Number(exact);
};

type OperandsOf<T extends readonly unknown[]> = { readonly [K in keyof T]: Operand<T[K]> };

/**
 * A builtin from its operands and its implementation. Counts the size of the arguments against the budget before the work
 * starts, so that an implementation counts only what it adds to that.
 */
export function builtin<const T extends readonly unknown[]>(
  operands: OperandsOf<T>,
  implement: (ctx: BuiltinContext, ...values: T) => Value | undefined | BuiltinFault,
): BuiltinFunction {
  return (ctx, args) => {
    const values: unknown[] = [];
    let steps = 1;
    for (let index = 0; index < operands.length; index += 1) {
      const arg = args[index] ?? null;
      const value = operands[index]?.(arg, index + 1);
      if (isFault(value)) return value;
      values.push(value);
      steps += sizeOf(arg);
    }
    // INVARIANT: the loop above filled `values` with exactly what the descriptors of `T` answer.
    return ctx.charge(steps) ?? implement(ctx, ...(values as unknown as T));
  };
}

function sizeOf(value: Value): number {
  if (typeof value === 'string') return Math.ceil(value.length / TEXT_PER_STEP);
  if (isArray(value)) return value.length;
  return isObject(value) || isSet(value) ? value.size : 0;
}
