/**
 * Tells the first sight of an id from every later one, for as long as the id could be shown again. Bounded: when there is no room,
 * it says so, and its caller refuses; it never forgets an id early to make room.
 */

/** Ids remembered at once. */
export const MAX_SEEN = 100_000;
/** Milliseconds between two sweeps of what has expired. */
const SWEEP_MS = 1_000;

export interface SeenOnce {
  /** True for the first sight, false for a later one, `full` when there is no room to remember it. */
  take(id: string, untilMs: number, nowMs: number): boolean | 'full';
}

export function createSeenOnce(limit: number = MAX_SEEN): SeenOnce {
  const seen = new Map<string, number>();
  let sweptMs = 0;
  const sweep = (nowMs: number): void => {
    sweptMs = nowMs;
    for (const [id, untilMs] of seen) if (untilMs <= nowMs) seen.delete(id);
  };
  return {
    take(id, untilMs, nowMs) {
      if (Math.abs(nowMs - sweptMs) >= SWEEP_MS) sweep(nowMs);
      const before = seen.get(id);
      if (before !== undefined && before > nowMs) return false;
      if (seen.size >= limit) return 'full';
      seen.set(id, untilMs);
      return true;
    },
  };
}
