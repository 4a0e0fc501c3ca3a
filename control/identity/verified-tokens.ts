/**
 * Remembers which tokens have been verified, so that a connection does not pay for the signature again. Keyed by the hash of the
 * whole token, signature included: one changed character is another token. Bounded in number and in age; it holds no token,
 * and what can change after a signature (time, revocation, who is still known) is its reader's to check every time.
 */
import { createHash } from 'node:crypto';

/** Tokens remembered; the one kept longest makes room. */
export const MAX_VERIFIED = 10_000;
/** Milliseconds after which a signature is checked anew. */
export const VERIFIED_FOR_MS = 300_000;

export interface VerifiedTokens<T> {
  find(token: string, nowMs: number): T | undefined;
  keep(token: string, value: T, nowMs: number): void;
  readonly size: number;
}

export function createVerifiedTokens<T>(limit: number = MAX_VERIFIED): VerifiedTokens<T> {
  const kept = new Map<string, { readonly value: T; readonly atMs: number }>();
  const keyOf = (token: string): string => createHash('sha256').update(token).digest('base64');
  return {
    find(token, nowMs) {
      const key = keyOf(token);
      const entry = kept.get(key);
      if (entry === undefined) return undefined;
      const age = nowMs - entry.atMs;
      if (age >= 0 && age < VERIFIED_FOR_MS) return entry.value;
      kept.delete(key);
      return undefined;
    },
    keep(token, value, nowMs) {
      if (kept.size >= limit) {
        const [oldest] = kept.keys();
        if (oldest !== undefined) kept.delete(oldest);
      }
      kept.set(keyOf(token), { value, atMs: nowMs });
    },
    get size() {
      return kept.size;
    },
  };
}
