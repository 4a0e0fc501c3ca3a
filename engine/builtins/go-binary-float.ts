/** Doubles as Go's `%x` and `%b` write them: an exact fraction, and a power of two. */

/** Bits of a double's fraction, and what its exponent is counted from. */
const FRACTION_BITS = 52n;
const BIAS = 1_023;
const SUBNORMAL_EXPONENT = 1 - BIAS;
const FRACTION_DIGITS = 13;

interface Parts {
  readonly isNegative: boolean;
  /** The leading bit included. */
  readonly mantissa: bigint;
  /** The value is mantissa x 2^(exponent - 52). */
  readonly exponent: number;
}

function partsOf(value: number): Parts {
  const bits = new BigUint64Array(new Float64Array([value]).buffer)[0] ?? 0n;
  const fraction = bits & ((1n << FRACTION_BITS) - 1n);
  const stored = Number((bits >> FRACTION_BITS) & 0x7ffn);
  const isNegative = bits >> 63n === 1n;
  if (stored === 0) return { isNegative, mantissa: fraction, exponent: SUBNORMAL_EXPONENT };
  return { isNegative, mantissa: fraction | (1n << FRACTION_BITS), exponent: stored - BIAS };
}

/** `6755399441055744p-52`. */
export function binaryFloat(value: number): string {
  const { isNegative, mantissa, exponent } = partsOf(value);
  return `${isNegative ? '-' : ''}${mantissa}p${signed(exponent - Number(FRACTION_BITS), 1)}`;
}

/** `0x1.8p+00`: as many digits of the fraction as there are, or so many, ties to even. */
export function hexadecimalFloat(value: number, precision: number | undefined): string {
  const { isNegative, mantissa, exponent } = normalized(partsOf(value));
  const kept = Math.min(precision ?? FRACTION_DIGITS, FRACTION_DIGITS);
  let digits = rounded(mantissa, BigInt(FRACTION_DIGITS - kept) * 4n);
  let power = mantissa === 0n ? 0 : exponent;
  if (digits >> BigInt(kept * 4) > 1n) {
    digits >>= 1n;
    power += 1;
  }
  const all = digits.toString(16).padStart(kept + 1, '0');
  const fraction = all.slice(all.length - kept, kept === 0 ? 0 : undefined);
  const shown =
    precision === undefined ? fraction.replace(/0+$/, '') : fraction.padEnd(precision, '0');
  const lead = all.slice(0, all.length - kept);
  return `${isNegative ? '-' : ''}0x${lead}${shown === '' ? '' : `.${shown}`}p${signed(power, 2)}`;
}

/** The leading bit is one, but of zero. */
function normalized({ isNegative, mantissa, exponent }: Parts): Parts {
  if (mantissa === 0n) return { isNegative, mantissa, exponent };
  const missing = Number(FRACTION_BITS) + 1 - mantissa.toString(2).length;
  return { isNegative, mantissa: mantissa << BigInt(missing), exponent: exponent - missing };
}

function rounded(mantissa: bigint, dropped: bigint): bigint {
  if (dropped === 0n) return mantissa;
  const half = 1n << (dropped - 1n);
  const rest = mantissa & ((1n << dropped) - 1n);
  const kept = mantissa >> dropped;
  return rest > half || (rest === half && (kept & 1n) === 1n) ? kept + 1n : kept;
}

function signed(exponent: number, width: number): string {
  return `${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(width, '0')}`;
}
