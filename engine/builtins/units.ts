/** `units.parse` and `units.parse_bytes`. OPA topdown/parse_units.go, parse_bytes.go. */
import {
  floatFromDecimal,
  floatFromInteger,
  floatMultiply,
  floatTruncate,
} from '../value/big-float.ts';
import { type BuiltinFault, builtinError, isFault } from '../value/fault.ts';
import {
  BigDecimal,
  type DecimalParts,
  decimalParts,
  fromInteger,
  MAX_EXPONENT,
  parseNumber,
} from '../value/number.ts';
import type { Value } from '../value/value.ts';
import type { BuiltinFunction } from './context.ts';
import { builtin, text } from './operand.ts';

/** Digits of an exponent that are accepted. */
const MAX_EXPONENT_DIGITS = 6;
/** Decimal places of a result that is not an integer. */
const PLACES = 10;

const DECIMAL_POWERS: Readonly<Record<string, number>> = { k: 1, m: 2, g: 3, t: 4, p: 5, e: 6 };

interface Quantity {
  readonly amount: DecimalParts;
  readonly unit: string;
}

/** Splits `1.5GiB`; an `e` belongs to the number only when a digit or sign follows it. */
function readQuantity(source: string, name: string, amount: string): Quantity | BuiltinFault {
  const fail = (message: string): BuiltinFault => builtinError(`${name}: ${message}`);
  if (source.includes(' ')) return fail('spaces not allowed in resource strings');
  const digits = /^(?:[eE](?=[\d+-])[+-]?|[\d.+-])*/.exec(source)?.[0] ?? '';
  if (digits === '') return fail(`no ${amount} provided`);
  const exponent = /[eE][+-]?(\d+)/.exec(digits)?.[1] ?? '';
  if (exponent.length > MAX_EXPONENT_DIGITS) return fail('exponent too large');
  const shape = /^([+-]?)(\d*)\.?(\d*)([eE][+-]?\d+)?$/.exec(digits);
  const [, sign = '', whole = '', fraction = '', power = ''] = shape ?? [];
  if (shape === null || whole + fraction === '')
    return fail(`could not parse ${amount} to a number`);
  const number = new BigDecimal(
    `${sign === '-' ? '-' : ''}${whole || '0'}.${fraction || '0'}${power}`,
  );
  const parts = decimalParts(number);
  if (Math.abs(parts.point) > MAX_EXPONENT) return fail('exponent too large');
  return { amount: parts, unit: source.slice(digits.length) };
}

/** Binary (`ki`) or decimal (`k`) factor of a lower-case unit; undefined for others. */
function factorOf(unit: string): bigint | undefined {
  if (unit === '') return 1n;
  const power = DECIMAL_POWERS[unit.charAt(0)];
  if (power === undefined) return undefined;
  if (unit.length === 1) return 1000n ** BigInt(power);
  return unit.slice(1) === 'i' ? 1024n ** BigInt(power) : undefined;
}

/** numerator / denominator in lowest decimal form: an integer, or exactly ten places rounded half away from zero. */
function quotientText(numerator: bigint, denominator: bigint): Value {
  if (numerator % denominator === 0n) return fromInteger(numerator / denominator);
  const scaled = (numerator < 0n ? -numerator : numerator) * 10n ** BigInt(PLACES);
  const rounded = (scaled * 2n + denominator) / (denominator * 2n);
  const digits = rounded.toString().padStart(PLACES + 1, '0');
  const sign = numerator < 0n ? '-' : '';
  return parseNumber(`${sign}${digits.slice(0, -PLACES)}.${digits.slice(-PLACES)}`) ?? 0;
}

function scale({ negative, digits, point }: DecimalParts, factor: [bigint, bigint]): Value {
  const coefficient = (negative ? -1n : 1n) * BigInt(digits || '0');
  const power = point - digits.length;
  const up = power > 0 ? 10n ** BigInt(power) : 1n;
  const down = power < 0 ? 10n ** BigInt(-power) : 1n;
  return quotientText(coefficient * up * factor[0], down * factor[1]);
}

/** The double nearest to 0.001, as a fraction: OPA multiplies by that one, so `1000m` is not the integer 1. */
const MILLI: [bigint, bigint] = [1152921504606847n, 1152921504606846976n];

export const UNITS = {
  'units.parse': builtin([text], (_ctx, source) => {
    const quantity = readQuantity(source.replaceAll('"', ''), 'units.parse', 'amount');
    if (isFault(quantity)) return quantity;
    const unit = quantity.unit.charAt(0) + quantity.unit.slice(1).toLowerCase();
    if (unit === 'm') return scale(quantity.amount, MILLI);
    const factor = factorOf(unit.toLowerCase());
    if (factor === undefined) return builtinError(`units.parse: unit ${unit} not recognized`);
    return scale(quantity.amount, [factor, 1n]);
  }),
  'units.parse_bytes': builtin([text], (_ctx, source) => {
    const plain = source.toLowerCase().replaceAll('"', '');
    const quantity = readQuantity(plain, 'units.parse_bytes', 'byte amount');
    if (isFault(quantity)) return quantity;
    const { unit } = quantity;
    const factor = unit === 'b' ? undefined : factorOf(unit.replace(/b$/, ''));
    if (factor === undefined) {
      return builtinError(`units.parse_bytes: byte unit ${unit} not recognized`);
    }
    const bytes = floatMultiply(floatFromDecimal(quantity.amount), floatFromInteger(factor));
    return fromInteger(floatTruncate(bytes));
  }),
} satisfies Readonly<Record<string, BuiltinFunction>>;
