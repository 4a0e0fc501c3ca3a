/**
 * How many parts a value has where it is written out: one that is held in several places counts in each. Counted without writing, for
 * a value of forty small rules can have more parts than any memory holds.
 */
import { isArray, isObject, isSet } from './compare.ts';
import { ValueError } from './error.ts';
import type { Value } from './value.ts';

/** Parts a value may have to be written as text or plain data. */
export const MAX_WRITTEN_PARTS = 10_000_000;

/** Values of fewer parts are counted anew each time: nearly all are small, and never pay for a map. */
const MIN_KEPT_PARTS = 64;

/** Throws a `ValueError` with `value/too-large` for a value that has too many. */
export function assertWritable(value: Value): void {
  if (typeof value !== 'object' || value === null) return;
  if (countParts(value, {}) > MAX_WRITTEN_PARTS)
    throw new ValueError('value/too-large', `a value has more than ${MAX_WRITTEN_PARTS} parts`);
}

/** Counts of the larger parts of one value. */
interface Counts {
  kept?: Map<Value, number>;
}

function countParts(value: Value, counts: Counts): number {
  if (typeof value !== 'object' || value === null) return 1;
  const before = counts.kept?.get(value);
  if (before !== undefined) return before;
  let count = 1;
  if (isArray(value)) for (const item of value) count += countParts(item, counts);
  else if (isSet(value)) for (const item of value.unordered()) count += countParts(item, counts);
  else if (isObject(value))
    for (const [key, member] of value.entriesUnordered())
      count += countParts(key, counts) + countParts(member, counts);
  if (count >= MIN_KEPT_PARTS) {
    counts.kept ??= new Map();
    counts.kept.set(value, count);
  }
  return count;
}
