/** `bits.*` on integers of any size in two's complement. OPA topdown/bits.go. */
import { type BuiltinFault, isFault, limitError } from '../value/fault.ts';
import { fromInteger } from '../value/number.ts';
import type { BuiltinFunction } from './context.ts';
import { builtin, integer, operandFault } from './operand.ts';

/** Bits a value may be shifted by. */
export const MAX_SHIFT = 65_536;

const binary = (apply: (a: bigint, b: bigint) => bigint): BuiltinFunction =>
  builtin([integer, integer], (_ctx, a, b) => fromInteger(apply(a, b)));

function shift(apply: (value: bigint, count: bigint) => bigint | BuiltinFault): BuiltinFunction {
  return builtin([integer, integer], (_ctx, value, count) => {
    if (count < 0n) {
      return operandFault(2, 'must be an unsigned integer number but got a negative integer');
    }
    const shifted = apply(value, count);
    return isFault(shifted) ? shifted : fromInteger(shifted);
  });
}

export const BITS = {
  'bits.and': binary((a, b) => a & b),
  'bits.or': binary((a, b) => a | b),
  'bits.xor': binary((a, b) => a ^ b),
  'bits.negate': builtin([integer], (_ctx, a) => fromInteger(~a)),
  'bits.lsh': shift((value, count) =>
    count > BigInt(MAX_SHIFT)
      ? limitError(`shift exceeds the limit of ${MAX_SHIFT} bits`)
      : value << count,
  ),
  'bits.rsh': shift((value, count) => value >> count),
} satisfies Readonly<Record<string, BuiltinFunction>>;
