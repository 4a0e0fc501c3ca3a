/**
 * Doubles as text the way Go's `strconv.FormatFloat` writes them: `e`, `f` and `g` with a precision (ties to even, exact digits)
 * or with the shortest digits that read back.
 */

export type FloatFormat = 'e' | 'f' | 'g';

/** Significant digits; value = 0.digits × 10^point. */
interface Digits {
  readonly digits: string;
  readonly point: number;
}

/** Exponent from which the shortest `g` changes to exponent form. */
const SHORTEST_EXPONENT_LIMIT = 6;

/** A double in one of the formats; precision -1 asks for the shortest digits. */
export function formatFloat(value: number, format: FloatFormat, precision: number): string {
  if (Number.isNaN(value)) return 'NaN';
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  const magnitude = Math.abs(value);
  if (magnitude === Number.POSITIVE_INFINITY) return sign === '' ? '+Inf' : '-Inf';
  const isShortest = precision < 0;
  const digits = isShortest ? shortest(magnitude) : exact(magnitude);
  switch (format) {
    case 'e': {
      const rounded = isShortest ? digits : roundDigits(digits, precision + 1);
      return sign + exponential(rounded, isShortest ? rounded.digits.length - 1 : precision);
    }
    case 'f': {
      const rounded = isShortest ? digits : roundDigits(digits, digits.point + precision);
      const places = isShortest ? Math.max(rounded.digits.length - rounded.point, 0) : precision;
      return sign + positional(rounded, places);
    }
    default:
      return sign + general(digits, precision, isShortest);
  }
}

function general(digits: Digits, precision: number, isShortest: boolean): string {
  const rounded = isShortest ? digits : roundDigits(digits, Math.max(precision, 1));
  const trimmed = { ...rounded, digits: rounded.digits.replace(/0+$/, '') };
  const exponent = trimmed.digits === '' ? 0 : trimmed.point - 1;
  let limit = isShortest ? SHORTEST_EXPONENT_LIMIT : Math.max(precision, 1);
  if (!isShortest && limit > trimmed.digits.length && trimmed.digits.length >= trimmed.point) {
    limit = trimmed.digits.length;
  }
  if (exponent < -4 || exponent >= Math.max(limit, 1)) {
    return exponential(trimmed, trimmed.digits.length - 1);
  }
  return positional(trimmed, Math.max(trimmed.digits.length - trimmed.point, 0));
}

function shortest(magnitude: number): Digits {
  if (magnitude === 0) return { digits: '', point: 0 };
  const [mantissa = '', exponent = '0'] = magnitude.toExponential().split('e');
  return { digits: mantissa.replace('.', ''), point: Number(exponent) + 1 };
}

/** All decimal digits of the double; every double has finitely many. */
function exact(magnitude: number): Digits {
  if (magnitude === 0) return { digits: '', point: 0 };
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, magnitude);
  const raw = bits.getBigUint64(0);
  const biased = Number(raw >> 52n);
  const fraction = raw & ((1n << 52n) - 1n);
  const mantissa = biased === 0 ? fraction : fraction | (1n << 52n);
  const exponent = Math.max(biased, 1) - 1075;
  const text = (
    exponent >= 0 ? mantissa << BigInt(exponent) : mantissa * 5n ** BigInt(-exponent)
  ).toString();
  return { digits: text, point: text.length + Math.min(exponent, 0) };
}

/** Keeps `count` digits, ties to even. */
function roundDigits({ digits, point }: Digits, count: number): Digits {
  if (count >= digits.length) return { digits, point };
  if (count < 0) return { digits: '', point };
  const kept = digits.slice(0, count);
  const rest = digits.slice(count);
  const isTie = /^50*$/.test(rest);
  const isOdd = count > 0 && Number(kept.charAt(count - 1)) % 2 === 1;
  if (isTie ? !isOdd : rest < '5') return { digits: kept, point };
  const up = (BigInt(kept === '' ? '0' : kept) + 1n).toString().padStart(count, '0');
  return up.length > count ? { digits: up, point: point + 1 } : { digits: up, point };
}

function exponential({ digits, point }: Digits, places: number): string {
  const padded = digits.padEnd(places + 1, '0');
  const exponent = digits.replace(/0/g, '') === '' ? 0 : point - 1;
  const fraction = places > 0 ? `.${padded.slice(1, places + 1)}` : '';
  const power = String(Math.abs(exponent)).padStart(2, '0');
  return `${padded.charAt(0) || '0'}${fraction}e${exponent < 0 ? '-' : '+'}${power}`;
}

function positional({ digits, point }: Digits, places: number): string {
  const whole = point > 0 ? digits.slice(0, point).padEnd(point, '0') : '0';
  if (places <= 0) return whole || '0';
  const fraction = '0'.repeat(Math.max(-point, 0)) + digits.slice(Math.max(point, 0));
  return `${whole || '0'}.${fraction.slice(0, places).padEnd(places, '0')}`;
}
