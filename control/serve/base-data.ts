/** What the data hold at a place, rules left aside. */
import { member } from '../../engine/interpret/input-document.ts';
import type { PolicySet } from '../../engine/policy-set.ts';
import { isArray } from '../../engine/value/compare.ts';
import type { Value } from '../../engine/value/value.ts';

/** The value at a path of names; of an array a name that is a whole number is an index. */
export function evaluateBase(
  { data }: Pick<PolicySet, 'data'>,
  path: readonly string[],
): Value | undefined {
  return path.reduce<Value | undefined>(
    (value, name) => member(value, isArray(value) && /^\d{1,9}$/.test(name) ? Number(name) : name),
    data,
  );
}
