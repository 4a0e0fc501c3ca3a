/**
 * Tokens that were revoked before their time. Times are milliseconds since the epoch.
 */
import type { Revoked } from '../../identity/ports.ts';

export interface Revocation {
  readonly tokenId: string;
  readonly by: string;
  readonly atMs: number;
  /** After this moment the token is dead anyway and the entry may be dropped. */
  readonly expiresAtMs: number;
}

export interface RevocationStore {
  revokeToken(revocation: Revocation): Promise<void>;
  isRevoked(tokenId: string): Promise<boolean>;
  /** What was revoked at or after this moment, at most `MAX_LISTED_REVOCATIONS`, newest first. */
  listRevoked(sinceMs: number): Promise<readonly Revoked[]>;
}
