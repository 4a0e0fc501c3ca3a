/**
 * Revoking a token: in the store for every gateway, and here at once. Sessions that rest on it end.
 */
import type { IdentityInput } from '../../engine/contract/input.ts';
import type { Settings } from '../config/settings.ts';
import type { Log } from '../log.ts';
import type { Store } from '../store/store.ts';
import type { RevocationView } from './revocations.ts';

export interface RevokedToken {
  readonly id: string;
  /** RFC 3339; undefined where only the id is known. */
  readonly expiresAt: string | undefined;
}

export type RevokeToken = (token: RevokedToken, by: IdentityInput) => Promise<void>;

export function createRevokeToken(
  { tokens, login }: Pick<Settings, 'tokens' | 'login'>,
  store: Pick<Store, 'revokeToken'>,
  revocations: Pick<RevocationView, 'note'>,
  log: Pick<Log, 'info'>,
): RevokeToken {
  return async ({ id, expiresAt }, { subject }) => {
    const now = Date.now();
    const expiresAtMs =
      expiresAt === undefined
        ? now + tokens.maxLifetimeMs
        : // What was made of it may live on for as long as a session does.
          Math.max(Date.parse(expiresAt), now + login.sessionMs);
    await store.revokeToken({ tokenId: id, by: subject, atMs: now, expiresAtMs });
    revocations.note(id);
    log.info({ id, by: subject }, 'a token was revoked');
  };
}
