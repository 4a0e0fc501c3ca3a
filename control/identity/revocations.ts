/**
 * What has been revoked, in memory, so that no connection waits for the store: filled at the start, told of every change, and read
 * again every few seconds. When it could not be read for a while, the store itself is asked, and if that fails too nothing passes.
 * What has ended by itself is dropped: no check of it gets as far as this.
 */
import { MAX_LISTED_REVOCATIONS, REVOCATION_GRACE_MS, type RevocationReader } from './ports.ts';

/** Milliseconds between two readings. */
export const REVOCATION_POLL_MS = 2_000;
/** Milliseconds after the last good reading for which the view is believed. */
export const REVOCATION_TRUST_MS = 10_000;
/** Milliseconds that a reading looks back behind the last one: clocks of gateways that share a store differ. */
const OVERLAP_MS = 60_000;
/** Milliseconds between two looks for what can be dropped. */
const SWEEP_MS = 60_000;

export interface RevocationView {
  /** At once in the common case; rejects when neither view nor store can tell. */
  isRevoked(tokenId: string): boolean | Promise<boolean>;
  /** Takes in what this gateway was told, and tells the listeners. */
  note(tokenId: string): void;
  /** Reads what is new; rejects when the store does not answer. */
  refresh(): Promise<void>;
  /** Ids held. */
  readonly size: number;
  close(): void;
}

export interface RevocationViewOptions {
  readonly store: RevocationReader;
  readonly nowMs: () => number;
  /** Told once of every id that was not known as revoked. */
  readonly onRevoked: (tokenId: string) => void;
  readonly onFault: (error: unknown) => void;
}

/** Opens the view on what is revoked by now; `onRevoked` hears of what comes after. */
export async function openRevocationView(options: RevocationViewOptions): Promise<RevocationView> {
  const { store, nowMs, onRevoked, onFault } = options;
  // When each may be dropped; never, while only its id is known.
  const revoked = new Map<string, number>();
  let readAtMs = Number.NEGATIVE_INFINITY;
  let sweptAtMs = nowMs();

  function note(tokenId: string): void {
    if (revoked.has(tokenId)) return;
    revoked.set(tokenId, Number.POSITIVE_INFINITY);
    onRevoked(tokenId);
  }

  async function read(sinceMs: number, isFirst: boolean): Promise<void> {
    const startedMs = nowMs();
    const list = await store.listRevoked(sinceMs);
    for (const { tokenId, expiresAtMs } of list) {
      const untilMs = expiresAtMs + REVOCATION_GRACE_MS;
      if (untilMs <= startedMs) revoked.delete(tokenId);
      else {
        if (!isFirst) note(tokenId);
        revoked.set(tokenId, untilMs);
      }
    }
    // A list that was cut short proves nothing about an id that is not on it.
    if (list.length < MAX_LISTED_REVOCATIONS) readAtMs = startedMs;
    if (Math.abs(startedMs - sweptAtMs) < SWEEP_MS) return;
    sweptAtMs = startedMs;
    for (const [id, untilMs] of revoked) if (untilMs <= startedMs) revoked.delete(id);
  }
  const refresh = (): Promise<void> =>
    read(Number.isFinite(readAtMs) ? readAtMs - OVERLAP_MS : 0, false);

  await read(0, true);
  const timer = setInterval(() => void refresh().catch(onFault), REVOCATION_POLL_MS);
  timer.unref();
  return {
    isRevoked(tokenId) {
      if (revoked.has(tokenId)) return true;
      const age = nowMs() - readAtMs;
      return age >= 0 && age < REVOCATION_TRUST_MS ? false : store.isRevoked(tokenId);
    },
    note,
    refresh,
    get size() {
      return revoked.size;
    },
    close: () => clearInterval(timer),
  };
}
