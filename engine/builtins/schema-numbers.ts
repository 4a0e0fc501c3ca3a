/** Numbers under a JSON Schema: exact bounds and factors, and the text of a bound as Go writes a big float. */
import { compareNumbers, decimalParts } from '../value/number.ts';
import type { RegoNumber } from '../value/value.ts';
import type { SchemaNode } from './schema-node.ts';
import type { SchemaOutcome } from './schema-outcome.ts';

/** Digits a quotient is looked for in; beyond it no number is a multiple. */
const MAX_DIGITS = 10_000;
/** Exponents from which a bound is written with one. */
const EXPONENT_LIMITS = [-4, 6] as const;

/** Every numeric keyword of a schema on a number. */
export function checkNumber(
  { multipleOf, minimum, exclusiveMinimum, maximum, exclusiveMaximum }: SchemaNode,
  value: RegoNumber,
  outcome: SchemaOutcome,
  place: string,
): void {
  if (multipleOf !== undefined && !isMultiple(value, multipleOf))
    outcome.fail(place, 'multiple_of', `Must be a multiple of ${boundText(multipleOf)}`);
  if (maximum !== undefined && compareNumbers(value, maximum) > 0)
    outcome.fail(place, 'number_lte', `Must be less than or equal to ${boundText(maximum)}`);
  if (exclusiveMaximum !== undefined && compareNumbers(value, exclusiveMaximum) >= 0)
    outcome.fail(place, 'number_lt', `Must be less than ${boundText(exclusiveMaximum)}`);
  if (minimum !== undefined && compareNumbers(value, minimum) < 0)
    outcome.fail(place, 'number_gte', `Must be greater than or equal to ${boundText(minimum)}`);
  if (exclusiveMinimum !== undefined && compareNumbers(value, exclusiveMinimum) <= 0)
    outcome.fail(place, 'number_gt', `Must be greater than ${boundText(exclusiveMinimum)}`);
  outcome.count();
}

/** Whether a number without its spelling is whole: `1.0` and `1e2` are. */
export function isWhole(value: RegoNumber): boolean {
  const { digits, point } = decimalParts(value);
  return digits.length <= point || digits === '';
}

function isMultiple(value: RegoNumber, factor: RegoNumber): boolean {
  const [a, b] = [decimalParts(value), decimalParts(factor)];
  if (a.digits === '') return true;
  const shift = a.point - a.digits.length - (b.point - b.digits.length);
  if (Math.abs(shift) > MAX_DIGITS) return false;
  const up = BigInt(a.digits + '0'.repeat(Math.max(shift, 0)));
  const down = BigInt(b.digits + '0'.repeat(Math.max(-shift, 0)));
  return up % down === 0n;
}

function boundText(bound: RegoNumber): string {
  const { negative, digits, point } = decimalParts(bound);
  if (digits === '') return '0';
  const sign = negative ? '-' : '';
  const exponent = point - 1;
  if (exponent >= EXPONENT_LIMITS[0] && exponent < EXPONENT_LIMITS[1]) {
    if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
    const whole = digits.slice(0, point).padEnd(point, '0');
    const fraction = digits.slice(point);
    return sign + whole + (fraction === '' ? '' : `.${fraction}`);
  }
  const power = `${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
  const fraction = digits.length > 1 ? `.${digits.slice(1)}` : '';
  return `${sign}${digits.charAt(0)}${fraction}e${power}`;
}
