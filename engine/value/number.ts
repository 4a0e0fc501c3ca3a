/**
 * Numbers as Rego has them: decimal text. Parsing, text, comparison, and the exact integer or nearest double of a number.
 * Arithmetic is in arithmetic.ts. INVARIANT: a number has one of three forms, chosen by `parseNumber` alone: a JavaScript
 * `number` when `String(n)` is its text and it is a safe integer or a plain decimal; a `bigint` for a canonical integer beyond
 * 2^53; a `BigDecimal` for every other text. No `number` is ever NaN, infinite or -0.
 */
import type { RegoNumber, Value } from './value.ts';

/** Largest decimal exponent whose exact integer is written out; beyond it a number compares but does not calculate. */
export const MAX_EXPONENT = 4096;

const NUMBER_GRAMMAR = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const CANONICAL_INTEGER = /^(?:0|-?[1-9]\d*)$/;
const PARTS = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;

/** Sign, significant digits without outer zeros, and power of ten: value = sign × 0.digits × 10^point. Zero has no digits. */
export interface DecimalParts {
  readonly negative: boolean;
  readonly digits: string;
  readonly point: number;
}

/** A number whose text is not what JavaScript would print: `1.0`, `1e3`, `0.33333333333333333334`. */
export class BigDecimal {
  readonly tag = 'number';
  readonly text: string;
  #parts: DecimalParts | undefined;

  constructor(text: string) {
    this.text = text;
  }

  /** The value without the spelling; computed once. */
  get parts(): DecimalParts {
    this.#parts ??= splitDecimal(this.text);
    return this.#parts;
  }

  toString(): string {
    return this.text;
  }
}

function splitDecimal(text: string): DecimalParts {
  const match = PARTS.exec(text);
  if (match === null) return { negative: false, digits: '', point: 0 };
  const whole = match[2] ?? '';
  const all = whole + (match[3] ?? '');
  const leading = /^0*/.exec(all)?.[0].length ?? 0;
  const digits = trimTrailingZeros(all.slice(leading));
  if (digits === '') return { negative: false, digits, point: 0 };
  return {
    negative: match[1] === '-',
    digits,
    point: whole.length - leading + Number(match[4] ?? 0),
  };
}

function trimTrailingZeros(digits: string): string {
  let end = digits.length;
  while (end > 0 && digits.charCodeAt(end - 1) === 48) end -= 1;
  return digits.slice(0, end);
}

/** The number a JSON or Rego literal denotes, its spelling kept; `undefined` when the text is not a number. */
export function parseNumber(text: string): RegoNumber | undefined {
  if (!NUMBER_GRAMMAR.test(text)) return undefined;
  const double = Number(text);
  if (Number.isSafeInteger(double) && String(double) === text) return double;
  if (CANONICAL_INTEGER.test(text)) return BigInt(text);
  if (!Number.isInteger(double) && String(double) === text && !text.includes('e')) return double;
  return new BigDecimal(text);
}

/** The number an exact integer denotes. */
export function fromInteger(integer: bigint): RegoNumber {
  const double = Number(integer);
  return Number.isSafeInteger(double) ? double : integer;
}

/** The number a finite double denotes, spelt as JSON writers spell it (shortest digits). */
export function fromDouble(double: number): RegoNumber {
  if (Object.is(double, -0)) return new BigDecimal('-0');
  return parseNumber(String(double)) ?? 0;
}

/** True for each of the three forms a number has. */
export function isNumber(value: Value | undefined): value is RegoNumber {
  return typeof value === 'number' || typeof value === 'bigint' || value instanceof BigDecimal;
}

/** The spelling of a number. */
export function numberText(number: RegoNumber): string {
  return String(number);
}

/** The number as sign, digits and power of ten. */
export function decimalParts(number: RegoNumber): DecimalParts {
  return number instanceof BigDecimal ? number.parts : splitDecimal(String(number));
}

/** Negative, zero or positive as `a` is less than, equal to or greater than `b`; exact, whatever the spelling. */
export function compareNumbers(a: RegoNumber, b: RegoNumber): number {
  if (!(a instanceof BigDecimal) && !(b instanceof BigDecimal)) return a < b ? -1 : a > b ? 1 : 0;
  const x = decimalParts(a);
  const y = decimalParts(b);
  const signs = signOf(x) - signOf(y);
  if (signs !== 0) return signs;
  const order = x.point - y.point || (x.digits < y.digits ? -1 : x.digits > y.digits ? 1 : 0);
  return x.negative ? -order : order;
}

function signOf(parts: DecimalParts): number {
  return parts.digits === '' ? 0 : parts.negative ? -1 : 1;
}

/** One text per numeric value: equal for numbers that compare equal and for no others. */
export function numberKey(number: RegoNumber): string {
  if (typeof number === 'number') return String(number);
  const { negative, digits, point } = decimalParts(number);
  if (digits === '') return '0';
  const simple = simplestForm(negative, digits, point);
  return simple ?? `${negative ? '-' : ''}.${digits}e${point}`;
}

/**
 * The spelling a JavaScript `number` of this value would have, if it has one.
 * The digit bound keeps this cheap; no safe integer or shortest double has more than 17 digits.
 */
function simplestForm(negative: boolean, digits: string, point: number): string | undefined {
  if (digits.length > 17 || point > 21 || point < -8) return undefined;
  const whole = point > 0 ? digits.slice(0, point).padEnd(point, '0') : '0';
  const fraction = point > 0 ? digits.slice(point) : '0'.repeat(-point) + digits;
  const text = `${negative ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
  const number = parseNumber(text);
  return typeof number === 'number' ? text : undefined;
}

/** The `number` form of a value where there is one: what `1.0` and `1` have in common. */
export function simplestNumber(number: RegoNumber): number | undefined {
  if (typeof number === 'number') return number;
  if (typeof number === 'bigint') return undefined;
  const { negative, digits, point } = number.parts;
  if (digits === '') return 0;
  const text = simplestForm(negative, digits, point);
  return text === undefined ? undefined : Number(text);
}

/** The exact integer a number is; `undefined` for fractions and for exponents beyond `MAX_EXPONENT`. */
export function toInteger(number: RegoNumber): bigint | undefined {
  if (typeof number === 'bigint') return number;
  if (typeof number === 'number') return Number.isInteger(number) ? BigInt(number) : undefined;
  const { negative, digits, point } = number.parts;
  if (digits === '') return 0n;
  if (point < digits.length || point > MAX_EXPONENT) return undefined;
  const magnitude = BigInt(digits.padEnd(point, '0'));
  return negative ? -magnitude : magnitude;
}

/** A plain integer has no exponent and at most zeros after the point, in 19 characters. */
const PLAIN_INTEGER = /^-?(?=[\d.]{1,19}$)\d+(?:\.0*)?$/;

/**
 * The integer of a number where OPA wants a machine integer: an index, a count, a length. `1` and `1.0` are such, `1e0` is none, and
 * neither is what 64 bits do not hold.
 */
export function toPlainInteger(value: RegoNumber): bigint | undefined {
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : undefined;
  const exact = PLAIN_INTEGER.test(String(value)) ? toInteger(value) : undefined;
  return exact !== undefined && BigInt.asIntN(64, exact) === exact ? exact : undefined;
}

/** The integer as a JavaScript `number` where that is exact. */
export function toSafeInteger(number: RegoNumber): number | undefined {
  const simple = simplestNumber(number);
  return simple !== undefined && Number.isSafeInteger(simple) ? simple : undefined;
}

/** The nearest double; infinite where the number is too large for one. */
export function toDouble(number: RegoNumber): number {
  return Number(String(number));
}
