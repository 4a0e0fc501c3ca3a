/**
 * Binary floating point with a 64-bit mantissa, rounded to nearest even: what OPA computes with (Go's big.Float at its default
 * precision) as soon as a number is not an integer. Parse, add, multiply, divide, and the shortest decimal text that reads back.
 * Not here: the choice between integers and floats, which is arithmetic.ts.
 */
import type { DecimalParts } from './number.ts';

const PRECISION = 64;
/** Decimal exponent from which a fraction is written with an exponent. */
const MAX_PLAIN_EXPONENT = 6;

/** value = mantissa × 2^exponent; the mantissa carries the sign and has `precision` bits or is zero. */
export interface BigFloat {
  readonly mantissa: bigint;
  readonly exponent: number;
  /** Bits kept; more than 64 only for integers made by rounding. */
  readonly precision: number;
}

const ZERO: BigFloat = { mantissa: 0n, exponent: 0, precision: PRECISION };

function bitLength(magnitude: bigint): number {
  if (magnitude === 0n) return 0;
  const hex = magnitude.toString(16);
  return (hex.length - 1) * 4 + (32 - Math.clz32(Number.parseInt(hex.charAt(0), 16)));
}

const magnitudeOf = (value: bigint): bigint => (value < 0n ? -value : value);

/** Rounds mantissa × 2^exponent to nearest even; `inexact` says that a little more than the mantissa was there. */
function roundTo(
  mantissa: bigint,
  exponent: number,
  precision = PRECISION,
  inexact = false,
): BigFloat {
  const magnitude = magnitudeOf(mantissa);
  const excess = bitLength(magnitude) - precision;
  if (magnitude === 0n) return { ...ZERO, precision };
  if (excess <= 0) {
    return { mantissa: mantissa << BigInt(-excess), exponent: exponent + excess, precision };
  }
  const shift = BigInt(excess);
  let kept = magnitude >> shift;
  const rest = magnitude - (kept << shift);
  const half = 1n << (shift - 1n);
  const isTie = rest === half && !inexact;
  if (rest > half || (rest === half && inexact) || (isTie && (kept & 1n) === 1n)) kept += 1n;
  // A carry out of the top bit leaves a power of two, which one shift brings back to the precision.
  const carried = bitLength(kept) > precision;
  return {
    mantissa: (mantissa < 0n ? -1n : 1n) * (carried ? kept >> 1n : kept),
    exponent: exponent + excess + (carried ? 1 : 0),
    precision,
  };
}

/** The float nearest to a decimal. The caller bounds the exponent. */
export function floatFromDecimal({ negative, digits, point }: DecimalParts): BigFloat {
  if (digits === '') return ZERO;
  const coefficient = (negative ? -1n : 1n) * BigInt(digits);
  const scale = point - digits.length;
  if (scale >= 0) return roundTo(coefficient * 10n ** BigInt(scale), 0);
  return quotient(coefficient, 0, 10n ** BigInt(-scale), 0);
}

function quotient(a: bigint, aExponent: number, b: bigint, bExponent: number): BigFloat {
  if (a === 0n) return ZERO;
  // Two bits more than the result keeps; what remains only decides ties.
  const shift = Math.max(0, PRECISION + 2 - bitLength(magnitudeOf(a)) + bitLength(magnitudeOf(b)));
  const scaled = magnitudeOf(a) << BigInt(shift);
  const divisor = magnitudeOf(b);
  const result = scaled / divisor;
  const sign = a < 0n !== b < 0n ? -1n : 1n;
  const inexact = result * divisor !== scaled;
  return roundTo(sign * result, aExponent - shift - bExponent, PRECISION, inexact);
}

export function floatAdd(a: BigFloat, b: BigFloat): BigFloat {
  if (a.mantissa === 0n) return roundTo(b.mantissa, b.exponent);
  if (b.mantissa === 0n) return roundTo(a.mantissa, a.exponent);
  const low = Math.min(a.exponent, b.exponent);
  const sum = (a.mantissa << BigInt(a.exponent - low)) + (b.mantissa << BigInt(b.exponent - low));
  return roundTo(sum, low);
}

export function floatNegate(a: BigFloat): BigFloat {
  return { ...a, mantissa: -a.mantissa };
}

export function floatMultiply(a: BigFloat, b: BigFloat, precision = PRECISION): BigFloat {
  return roundTo(a.mantissa * b.mantissa, a.exponent + b.exponent, precision);
}

/** The divisor is not zero. */
export function floatDivide(a: BigFloat, b: BigFloat): BigFloat {
  return quotient(a.mantissa, a.exponent, b.mantissa, b.exponent);
}

/** The integer part, towards zero. */
export function floatTruncate(a: BigFloat): bigint {
  if (a.exponent >= 0) return a.mantissa << BigInt(a.exponent);
  const magnitude = magnitudeOf(a.mantissa) >> BigInt(-a.exponent);
  return a.mantissa < 0n ? -magnitude : magnitude;
}

/** An integer with all its bits, and never fewer than 64. */
export function floatFromInteger(integer: bigint): BigFloat {
  return roundTo(integer, 0, Math.max(PRECISION, bitLength(magnitudeOf(integer))));
}

export function floatIsInteger(a: BigFloat): boolean {
  return a.exponent >= 0 || (a.mantissa & ((1n << BigInt(-a.exponent)) - 1n)) === 0n;
}

/** Shortest text that reads back as this float: plain for integers, else exponent form outside 1e-4 to 1e6 (Go's `%g`). */
export function floatText(a: BigFloat): string {
  if (a.mantissa === 0n) return '0';
  const { digits, point } = shortestDigits(a);
  const sign = a.mantissa < 0n ? '-' : '';
  if (floatIsInteger(a)) return sign + digits.padEnd(point, '0');
  const exponent = point - 1;
  if (exponent < -4 || exponent >= MAX_PLAIN_EXPONENT) {
    const fraction = digits.length > 1 ? `.${digits.slice(1)}` : '';
    const power = String(Math.abs(exponent)).padStart(2, '0');
    return `${sign}${digits.charAt(0)}${fraction}e${exponent < 0 ? '-' : '+'}${power}`;
  }
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}

/** Exact decimal digits of magnitude × 2^exponent: value = 0.digits × 10^point. */
function exactDigits(magnitude: bigint, exponent: number): { digits: string; point: number } {
  if (exponent >= 0) {
    const digits = (magnitude << BigInt(exponent)).toString();
    return { digits, point: digits.length };
  }
  const digits = (magnitude * 5n ** BigInt(-exponent)).toString();
  return { digits, point: digits.length + exponent };
}

/**
 * The fewest digits between the two neighbours' midpoints. Walks the exact digits until cutting there, down or up, stays
 * inside the interval; the interval is closed when the mantissa is even, because ties then round back to it.
 */
function shortestDigits(a: BigFloat): { digits: string; point: number } {
  const doubled = magnitudeOf(a.mantissa) << 1n;
  const exact = exactDigits(doubled, a.exponent - 1);
  const below = exactDigits(doubled - 1n, a.exponent - 1);
  const above = exactDigits(doubled + 1n, a.exponent - 1);
  const isClosed = (a.mantissa & 1n) === 0n;
  // Aligned to one point: a neighbour may have a digit more or fewer before it.
  const point = above.point;
  const align = (d: { digits: string; point: number }): string =>
    '0'.repeat(point - d.point) + d.digits;
  const middle = align(exact);
  const lower = align(below).replace(/0+$/, '');
  const upper = align(above).replace(/0+$/, '');
  const digitAt = (digits: string, index: number): string => digits.charAt(index) || '0';
  for (let index = 0; index < middle.length; index += 1) {
    const m = digitAt(middle, index);
    const mayCutDown = digitAt(lower, index) !== m || (isClosed && index + 1 >= lower.length);
    const u = digitAt(upper, index);
    const mayCutUp = m !== u && (isClosed || Number(m) + 1 < Number(u) || index + 1 < upper.length);
    const hasRest = /[1-9]/.test(middle.slice(index + 1));
    if (!mayCutDown && !mayCutUp) continue;
    const down = middle.slice(0, index + 1);
    if (!hasRest) return trimmed(down, point);
    if (mayCutDown && mayCutUp) {
      return trimmed(roundsUp(middle, index + 1) ? increment(down) : down, point, down.length);
    }
    return trimmed(mayCutUp ? increment(down) : down, point, down.length);
  }
  return trimmed(middle, point);
}

/** Whether the digits from `cut` on are more than a half, or a half after an odd digit. */
function roundsUp(digits: string, cut: number): boolean {
  const next = digits.charAt(cut);
  if (next !== '5' || /[1-9]/.test(digits.slice(cut + 1))) return next >= '5';
  return Number(digits.charAt(cut - 1)) % 2 === 1;
}

function increment(digits: string): string {
  return (BigInt(digits) + 1n).toString().padStart(digits.length, '0');
}

/** Drops outer zeros; `length` is the digit count before an increment that may have added one. */
function trimmed(
  digits: string,
  point: number,
  length = digits.length,
): { digits: string; point: number } {
  const leading = /^0*/.exec(digits)?.[0].length ?? 0;
  const tail = digits.slice(leading).replace(/0+$/, '');
  return { digits: tail, point: point + (digits.length - length) - leading };
}
