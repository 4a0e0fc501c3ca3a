/**
 * The time of day with nanoseconds. It runs on the monotonic clock and follows corrections of the wall clock, so that durations
 * are exact and expiry of tokens is right for months.
 */
import type { Clock } from '../proxy/gate/ports.ts';

/** Nanoseconds by which the two clocks may differ before the wall clock is believed; its own grain is a millisecond. */
const TOLERANCE_NS = 2_000_000n;

export interface ClockSources {
  /** Milliseconds since the epoch. */
  readonly wallMs: () => number;
  /** Nanoseconds from any start; never steps back. */
  readonly monotonicNs: () => bigint;
}

const SYSTEM: ClockSources = { wallMs: Date.now, monotonicNs: process.hrtime.bigint };

export function createClock(sources: ClockSources = SYSTEM): Clock {
  const wallNs = (): bigint => BigInt(sources.wallMs()) * 1_000_000n;
  let offset = wallNs() - sources.monotonicNs();
  return {
    nowNs() {
      const wall = wallNs();
      const now = sources.monotonicNs() + offset;
      const difference = now - wall;
      if (difference < TOLERANCE_NS && difference > -TOLERANCE_NS) return now;
      offset += wall - now;
      return wall;
    },
  };
}
