/**
 * Arithmetic on Rego numbers with OPA's results: integers are exact at any size, everything else goes through the 64-bit-mantissa
 * floats of big-float.ts. Division of integers that leaves no rest is an integer too. Faults are returned.
 */
import {
  type BigFloat,
  floatAdd,
  floatDivide,
  floatFromDecimal,
  floatFromInteger,
  floatIsInteger,
  floatMultiply,
  floatNegate,
  floatText,
  floatTruncate,
} from './big-float.ts';
import { type BuiltinFault, builtinError, isFault, limitError } from './fault.ts';
import {
  BigDecimal,
  decimalParts,
  fromInteger,
  MAX_EXPONENT,
  numberText,
  parseNumber,
  toInteger,
} from './number.ts';
import type { RegoNumber } from './value.ts';

export type ArithmeticResult = RegoNumber | BuiltinFault;

/** Decimal digits of the largest integer a multiplication may make; keeps repeated squaring in bounds. */
export const MAX_INTEGER_DIGITS = 100_000;

/** Bits of OPA's accumulator of products. */
const DOUBLE_PRECISION = 53;

const HALF: BigFloat = floatFromDecimal({ negative: false, digits: '5', point: 0 });

function toFloat(number: RegoNumber): BigFloat | undefined {
  const parts = decimalParts(number);
  // Infinite exponents come from literals such as 1e999999999999999999999.
  if (!(Math.abs(parts.point) <= MAX_EXPONENT + MAX_INTEGER_DIGITS)) return undefined;
  return floatFromDecimal(parts);
}

function fromFloat(float: BigFloat): ArithmeticResult {
  return parseNumber(floatText(float)) ?? builtinError('illegal number');
}

const exponentFault = (): BuiltinFault =>
  limitError(`number exceeds the limit of ${MAX_EXPONENT} decimal places`);

function calculate(
  a: RegoNumber,
  b: RegoNumber,
  exact: (x: bigint, y: bigint) => bigint,
  approximate: (x: BigFloat, y: BigFloat) => BigFloat,
): ArithmeticResult {
  const x = toInteger(a);
  const y = x === undefined ? undefined : toInteger(b);
  if (x !== undefined && y !== undefined) return fromInteger(exact(x, y));
  const fx = toFloat(a);
  const fy = toFloat(b);
  if (fx === undefined || fy === undefined) return exponentFault();
  return fromFloat(approximate(fx, fy));
}

/** Go's floats keep the sign of a zero product or quotient, and OPA shows it. */
function isNegativeZero(...factors: readonly RegoNumber[]): boolean {
  if (!factors.some((factor) => decimalParts(factor).digits === '')) return false;
  return factors.filter((factor) => String(factor).startsWith('-')).length % 2 === 1;
}

export function add(a: RegoNumber, b: RegoNumber): ArithmeticResult {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b;
    if (Number.isSafeInteger(a) && Number.isSafeInteger(b) && Number.isSafeInteger(sum)) return sum;
  }
  return calculate(a, b, (x, y) => x + y, floatAdd);
}

export function subtract(a: RegoNumber, b: RegoNumber): ArithmeticResult {
  if (typeof a === 'number' && typeof b === 'number') {
    const rest = a - b;
    if (Number.isSafeInteger(a) && Number.isSafeInteger(b) && Number.isSafeInteger(rest))
      return rest;
  }
  return calculate(
    a,
    b,
    (x, y) => x - y,
    (x, y) => floatAdd(x, floatNegate(y)),
  );
}

export function multiply(a: RegoNumber, b: RegoNumber): ArithmeticResult {
  if (typeof a === 'number' && typeof b === 'number') {
    const product = a * b;
    if (Number.isSafeInteger(a) && Number.isSafeInteger(b) && Number.isSafeInteger(product)) {
      return product === 0 ? 0 : product;
    }
  }
  if (decimalParts(a).digits.length + decimalParts(b).digits.length > MAX_INTEGER_DIGITS) {
    return limitError(`product exceeds the limit of ${MAX_INTEGER_DIGITS} digits`);
  }
  const isExact = toInteger(a) !== undefined && toInteger(b) !== undefined;
  if (!isExact && isNegativeZero(a, b)) return new BigDecimal('-0');
  return calculate(
    a,
    b,
    (x, y) => x * y,
    (x, y) => floatMultiply(x, y),
  );
}

/** The product of many: exact for integers; with a fraction among them OPA accumulates in 53 bits. */
export function multiplyAll(numbers: readonly RegoNumber[]): ArithmeticResult {
  if (numbers.every((number) => toInteger(number) !== undefined)) {
    let product: ArithmeticResult = 1;
    for (const number of numbers) {
      if (isFault(product)) return product;
      product = multiply(product, number);
    }
    return product;
  }
  if (isNegativeZero(...numbers)) return new BigDecimal('-0');
  let product = floatFromInteger(1n);
  for (const number of numbers) {
    const float = toFloat(number);
    if (float === undefined) return exponentFault();
    product = floatMultiply(product, float, DOUBLE_PRECISION);
  }
  return fromFloat(product);
}

export function divide(a: RegoNumber, b: RegoNumber): ArithmeticResult {
  if (decimalParts(b).digits === '') return builtinError('divide by zero');
  if (isNegativeZero(a, b)) return new BigDecimal('-0');
  const x = toFloat(a);
  const y = toFloat(b);
  if (x === undefined || y === undefined) return exponentFault();
  return fromFloat(floatDivide(x, y));
}

/** The rest of a division towards zero; only integers have one. */
export function remainder(a: RegoNumber, b: RegoNumber): ArithmeticResult {
  const x = toInteger(a);
  const y = toInteger(b);
  if (x === undefined || y === undefined) return builtinError('modulo on floating-point number');
  return y === 0n ? builtinError('modulo by zero') : fromInteger(x % y);
}

function unary(number: RegoNumber, apply: (float: BigFloat) => BigFloat): ArithmeticResult {
  const float = toFloat(number);
  return float === undefined ? exponentFault() : fromFloat(apply(float));
}

export function absolute(number: RegoNumber): ArithmeticResult {
  return unary(number, (float) => (float.mantissa < 0n ? floatNegate(float) : float));
}

/** Towards zero: exact for what is spelled as an integer, else of the float nearest to the number. */
export function integerPart(number: RegoNumber): bigint | BuiltinFault {
  if (/^-?\d+$/.test(numberText(number))) return BigInt(numberText(number));
  const float = toFloat(number);
  return float === undefined ? exponentFault() : floatTruncate(float);
}

/** Half away from zero. */
export function round(number: RegoNumber): ArithmeticResult {
  return unary(number, (float) =>
    floatFromInteger(
      floatTruncate(floatAdd(float, float.mantissa < 0n ? floatNegate(HALF) : HALF)),
    ),
  );
}

/** As OPA has it, where the integer part of -0.5 is 0 and the answer one more. */
export function ceil(number: RegoNumber): ArithmeticResult {
  return unary(number, (float) => {
    const whole = floatTruncate(float);
    return floatFromInteger(floatIsInteger(float) || whole < 0n ? whole : whole + 1n);
  });
}

/** As OPA has it, where the integer part of -0.5 is 0 and already counts as the answer. */
export function floor(number: RegoNumber): ArithmeticResult {
  return unary(number, (float) => {
    const whole = floatTruncate(float);
    return floatFromInteger(floatIsInteger(float) || whole >= 0n ? whole : whole - 1n);
  });
}
