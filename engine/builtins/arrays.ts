/** `array.*` and `numbers.range*`. OPA topdown/array.go, numbers.go. */
import { isArray } from '../value/compare.ts';
import { builtinError, isFault, limitError } from '../value/fault.ts';
import { fromInteger } from '../value/number.ts';
import type { Value } from '../value/value.ts';
import type { BuiltinContext, BuiltinFunction } from './context.ts';
import { array, builtin, int, integer } from './operand.ts';

/** Members `numbers.range` may make. */
export const MAX_RANGE_LENGTH = 1_000_000;

const clamp = (value: number, low: number, high: number): number =>
  Math.min(Math.max(value, low), high);

function range(ctx: BuiltinContext, from: bigint, to: bigint, step: bigint) {
  const distance = to >= from ? to - from : from - to;
  const length = distance / step + 1n;
  if (length > BigInt(MAX_RANGE_LENGTH)) {
    return limitError(`range exceeds the limit of ${MAX_RANGE_LENGTH} numbers`);
  }
  const over = ctx.charge(Number(length));
  if (isFault(over)) return over;
  const stride = to >= from ? step : -step;
  return Array.from({ length: Number(length) }, (_, index) =>
    fromInteger(from + BigInt(index) * stride),
  );
}

export const ARRAYS = {
  'array.concat': builtin([array, array], (_ctx, a, b) => [...a, ...b]),
  'array.flatten': builtin([array], (ctx, items) => {
    const flat: Value[] = [];
    for (const item of items) {
      if (isArray(item)) for (const inner of item) flat.push(inner);
      else flat.push(item);
    }
    return ctx.charge(flat.length) ?? flat;
  }),
  'array.reverse': builtin([array], (_ctx, items) => items.toReversed()),
  'array.slice': builtin([array, int, int], (_ctx, items, start, stop) => {
    const end = clamp(stop, 0, items.length);
    return items.slice(clamp(start, 0, end), end);
  }),
  'numbers.range': builtin([integer, integer], (ctx, from, to) => range(ctx, from, to, 1n)),
  'numbers.range_step': builtin([integer, integer, integer], (ctx, from, to, step) =>
    step <= 0n
      ? builtinError('numbers.range_step: step must be a positive integer')
      : range(ctx, from, to, step),
  ),
} satisfies Readonly<Record<string, BuiltinFunction>>;
