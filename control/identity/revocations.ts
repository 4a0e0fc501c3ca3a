/**
 * What has been revoked, in memory, so that no connection waits for the store: filled at the start, told of every change, and read
 * again every few seconds. When it could not be read for a while, the store itself is asked, and if that fails too nothing passes.
 */
import { MAX_LISTED_REVOCATIONS, type RevocationReader } from './ports.ts';

/** Milliseconds between two readings. */
export const REVOCATION_POLL_MS = 2_000;
/** Milliseconds after the last good reading for which the view is believed. */
export const REVOCATION_TRUST_MS = 10_000;
/** Milliseconds that a reading looks back behind the last one: clocks of gateways that share a store differ. */
const OVERLAP_MS = 60_000;

export interface RevocationView {
  /** At once in the common case; rejects when neither view nor store can tell. */
  isRevoked(tokenId: string): boolean | Promise<boolean>;
  /** Takes in what this gateway was told, and tells the listeners. */
  note(tokenId: string): void;
  /** Reads what is new; rejects when the store does not answer. */
  refresh(): Promise<void>;
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
  const revoked = new Set<string>();
  let readAtMs = Number.NEGATIVE_INFINITY;

  function note(tokenId: string): void {
    if (revoked.has(tokenId)) return;
    revoked.add(tokenId);
    onRevoked(tokenId);
  }

  async function read(sinceMs: number, take: (id: string) => void): Promise<void> {
    const startedMs = nowMs();
    const ids = await store.listRevoked(sinceMs);
    for (const id of ids) take(id);
    // A list that was cut short proves nothing about an id that is not on it.
    if (ids.length < MAX_LISTED_REVOCATIONS) readAtMs = startedMs;
  }
  const refresh = (): Promise<void> =>
    read(Number.isFinite(readAtMs) ? readAtMs - OVERLAP_MS : 0, note);

  await read(0, (id) => revoked.add(id));
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
    close: () => clearInterval(timer),
  };
}
