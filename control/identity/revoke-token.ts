/**
 * Revoking a token: in the store for every gateway, and here at once. Sessions that rest on it end.
 */
import type { IdentityInput } from '../../engine/contract/input.ts';
import type { Log } from '../log.ts';
import type { RevocationView } from './revocations.ts';

export interface RevokedToken {
  readonly id: string;
  /** RFC 3339; undefined where only the id is known. */
  readonly expiresAt: string | undefined;
}

export type RevokeToken = (token: RevokedToken, by: IdentityInput) => Promise<void>;

/** Milliseconds that tokens of which nothing else is known, and what was made of them, may live. */
export interface RevocationLives {
  readonly maxLifetimeMs: number;
  readonly sessionMs: number;
}

export interface RevocationWriter {
  revokeToken(revocation: {
    readonly tokenId: string;
    readonly by: string;
    readonly atMs: number;
    readonly expiresAtMs: number;
  }): Promise<unknown>;
}

export function createRevokeToken(
  lives: RevocationLives,
  store: RevocationWriter,
  revocations: Pick<RevocationView, 'note'>,
  log: Pick<Log, 'info'>,
): RevokeToken {
  return async ({ id, expiresAt }, { subject }) => {
    const now = Date.now();
    const expiresAtMs =
      expiresAt === undefined
        ? now + lives.maxLifetimeMs
        : // What was made of it may live on for as long as a session does.
          Math.max(Date.parse(expiresAt), now + lives.sessionMs);
    await store.revokeToken({ tokenId: id, by: subject, atMs: now, expiresAtMs });
    revocations.note(id);
    log.info({ id, by: subject }, 'a token was revoked');
  };
}
