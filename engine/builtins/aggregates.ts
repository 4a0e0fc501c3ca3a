/** Builtins over collections: counting, adding, extremes, sorting, membership (`in`). OPA topdown/aggregates.go. */
import { type ArithmeticResult, add, multiplyAll } from '../value/arithmetic.ts';
import { compareValues, equalValues, isArray, isObject, isSet } from '../value/compare.ts';
import { isFault } from '../value/fault.ts';
import { isNumber, toInteger } from '../value/number.ts';
import type { RegoNumber, Value } from '../value/value.ts';
import type { BuiltinFunction } from './context.ts';
import {
  anyValue,
  builtin,
  type Operand,
  operandElementFault,
  operandTypeFault,
} from './operand.ts';

/** An array or a set, as a list in Rego order. */
const list: Operand<readonly Value[]> = (value, position) => {
  if (isArray(value)) return value;
  return isSet(value) ? value.toSorted() : operandTypeFault(position, value, 'set', 'array');
};

/** Code points of a string, which is what the language counts. */
export function countCodePoints(text: string): number {
  let count = 0;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    const isPair =
      unit >= 0xd800 && unit < 0xdc00 && (text.charCodeAt(index + 1) & 0xfc00) === 0xdc00;
    if (isPair) index += 1;
    count += 1;
  }
  return count;
}

/** The numbers of a collection in its order, which matters once roundings do. */
const numbers: Operand<readonly RegoNumber[]> = (value, position) => {
  const items = list(value, position);
  if (isFault(items)) return items;
  const found: RegoNumber[] = [];
  for (const item of items) {
    if (!isNumber(item)) return operandElementFault(position, value, item, 'number');
    found.push(item);
  }
  return found;
};

function addAll(items: readonly RegoNumber[]): ArithmeticResult {
  let total: RegoNumber = 0;
  for (const item of items) {
    const next = add(total, item);
    if (isFault(next)) return next;
    total = next;
  }
  return total;
}

/** The member that no other one beats; of equal ones the last, as OPA has it for arrays. */
function extreme(sign: 1 | -1): BuiltinFunction {
  return builtin([list], (_ctx, values) => {
    let best = values[0];
    for (const value of values) {
      if (best !== undefined && sign * compareValues(value, best) >= 0) best = value;
    }
    return best;
  });
}

export const AGGREGATES = {
  count: builtin([anyValue], (_ctx, value) => {
    if (typeof value === 'string') return countCodePoints(value);
    if (isArray(value)) return value.length;
    if (isObject(value) || isSet(value)) return value.size;
    return operandTypeFault(1, value, 'array', 'object', 'set', 'string');
  }),
  sum: builtin([numbers], (_ctx, items) => addAll(items)),
  product: builtin([numbers], (_ctx, items) => multiplyAll(items)),
  max: extreme(1),
  min: extreme(-1),
  sort: builtin([list], (_ctx, values) => [...values].sort(compareValues)),
  'internal.member_2': builtin([anyValue, anyValue], (_ctx, item, within) => {
    if (isSet(within)) return within.has(item);
    if (isArray(within)) return within.some((member) => equalValues(member, item));
    if (!isObject(within)) return false;
    for (const [, member] of within.entriesUnordered()) if (equalValues(member, item)) return true;
    return false;
  }),
  'internal.member_3': builtin([anyValue, anyValue, anyValue], (_ctx, key, item, within) => {
    if (isSet(within)) return within.has(key) && equalValues(key, item);
    const member = memberAt(within, key);
    return member !== undefined && equalValues(member, item);
  }),
} satisfies Readonly<Record<string, BuiltinFunction>>;

/** What `container[key]` is. */
export function memberAt(container: Value, key: Value): Value | undefined {
  if (isObject(container)) return container.get(key);
  if (isSet(container)) return container.get(key);
  if (!isArray(container) || !isNumber(key)) return undefined;
  const index = toInteger(key);
  return index === undefined || index < 0n ? undefined : container[Number(index)];
}
