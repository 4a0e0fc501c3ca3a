/**
 * A bound on requests from one address: a count for each fixed minute. It forgets at the turn of the minute, and it never holds
 * more addresses than it has room for: further ones share one count.
 */

const WINDOW_MS = 60_000;
const MAX_ADDRESSES = 10_000;
const OVERFLOW = '*';

export interface RateLimit {
  /** Seconds to wait before the next request, or undefined when this one may go on. */
  take(address: string): number | undefined;
}

export function createRateLimit(perMinute: number, nowMs: () => number): RateLimit {
  let window = 0;
  const counts = new Map<string, number>();
  return {
    take(address) {
      const now = nowMs();
      const current = Math.floor(now / WINDOW_MS);
      if (current !== window) {
        window = current;
        counts.clear();
      }
      const key = counts.has(address) || counts.size < MAX_ADDRESSES ? address : OVERFLOW;
      const count = (counts.get(key) ?? 0) + 1;
      counts.set(key, count);
      return count <= perMinute ? undefined : Math.ceil(((current + 1) * WINDOW_MS - now) / 1000);
    },
  };
}
