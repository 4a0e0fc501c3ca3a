/**
 * What a policy computes with. A `Value` is one of
 * - `null`, `boolean`, `string`: the JavaScript primitives;
 * - a number: a JavaScript `number` when `String(n)` is exactly its text (safe integers, plain short decimals), a `bigint`
 *   for an integer in canonical form beyond 2^53, otherwise a `BigDecimal`, which keeps its text (`1e3`, `1.50`, 20 digits);
 * - an array: a JavaScript array, never changed after it is made;
 * - an object: `RegoObject`, with keys of any kind; a set: `RegoSet`. Both iterate in Rego's total order.
 *
 * `undefined` is never a `Value`: it is the absence of one.
 */
import type { BigDecimal } from './number.ts';
import type { RegoObject } from './object.ts';
import type { RegoSet } from './set.ts';

export type RegoNumber = number | bigint | BigDecimal;

export type Value = null | boolean | RegoNumber | string | readonly Value[] | RegoObject | RegoSet;
