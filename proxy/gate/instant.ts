/**
 * One instant in the forms the policy input and the journal need, all UTC. The same instant stamps a decision and its record,
 * so that a recorded action can be decided again as of then.
 */
import type { ContextInput, GrantInput } from '../../engine/contract/input.ts';

const NS_PER_MS = 1_000_000n;
const MS_PER_SECOND = 1_000;
const LARGEST_NUMBER = BigInt(Number.MAX_SAFE_INTEGER);
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
  return createCalendar().text(nowNs);
}

/** Whole milliseconds since the epoch. */
export function toMs(nowNs: bigint): number {
  return Number(nowNs / NS_PER_MS);
}

/** The `context` of a policy input at this instant. `now_ns` is a bigint where a number would lose digits. */
export function contextAt(nowNs: bigint, grants: readonly GrantInput[]): ContextInput {
  return createCalendar().context(nowNs, grants);
}

/** Instants as text. It keeps the second it wrote last, because a date costs ten times the digits behind it. */
export interface Calendar {
  /** As `toRfc3339`. */
  text(nowNs: bigint): string;
  /** As `contextAt`. */
  context(nowNs: bigint, grants: readonly GrantInput[]): ContextInput;
}

/** A calendar for one owner that stamps many instants. */
export function createCalendar(): Calendar {
  let second = Number.NaN;
  let upToSecond = '';
  let weekday = '';
  let hour = 0;
  /** Makes the second of this instant the current one; gives the nanoseconds behind it. */
  const enter = (nowNs: bigint): number => {
    const ms = toMs(nowNs);
    const whole = Math.floor(ms / MS_PER_SECOND);
    if (whole !== second) {
      const date = new Date(whole * MS_PER_SECOND);
      upToSecond = date.toISOString().slice(0, -'.000Z'.length);
      weekday = WEEKDAYS[date.getUTCDay()] ?? 'Sunday';
      hour = date.getUTCHours();
      second = whole;
    }
    return (ms - whole * MS_PER_SECOND) * 1_000_000 + Number(nowNs % NS_PER_MS);
  };
  const text = (nowNs: bigint): string => {
    const rest = enter(nowNs);
    return `${upToSecond}.${String(rest).padStart(9, '0')}Z`;
  };
  return {
    text,
    context(nowNs, grants) {
      const time = text(nowNs);
      const isLarge = nowNs > LARGEST_NUMBER;
      return { now_ns: isLarge ? nowNs : Number(nowNs), time, weekday, hour, grants };
    },
  };
}
