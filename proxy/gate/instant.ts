/**
 * One instant in the forms the policy input and the journal need, all UTC. The same instant stamps a decision and its record,
 * so that a recorded action can be decided again as of then.
 */
import type { ContextInput, GrantInput } from '../../engine/contract/input.ts';

const NS_PER_MS = 1_000_000n;
const WEEKDAYS = [
  'Sunday',
  'Monday',
  'Tuesday',
  'Wednesday',
  'Thursday',
  'Friday',
  'Saturday',
] as const;

/** Nanoseconds since the epoch as RFC 3339 with nine decimals (`2026-11-21T09:44:25.000000000Z`). */
export function toRfc3339(nowNs: bigint): string {
  const date = new Date(toMs(nowNs));
  const subMillisecond = String(nowNs % NS_PER_MS).padStart(6, '0');
  return date.toISOString().replace('Z', `${subMillisecond}Z`);
}

/** Whole milliseconds since the epoch. */
export function toMs(nowNs: bigint): number {
  return Number(nowNs / NS_PER_MS);
}

/** The `context` of a policy input at this instant. `now_ns` is a bigint where a number would lose digits. */
export function contextAt(nowNs: bigint, grants: readonly GrantInput[]): ContextInput {
  const date = new Date(toMs(nowNs));
  return {
    now_ns: nowNs > BigInt(Number.MAX_SAFE_INTEGER) ? nowNs : Number(nowNs),
    time: toRfc3339(nowNs),
    weekday: WEEKDAYS[date.getUTCDay()] ?? 'Sunday',
    hour: date.getUTCHours(),
    grants,
  };
}
