/**
 * Puts identity together for the composition root: the keys of the trusted providers, the proofs, and the one port that turns a
 * credential into an identity. No rule of access is decided here.
 */
import type { Clock, IdentityPort } from '../../proxy/gate/ports.ts';
import type { Log } from '../log.ts';
import { createProofCheck } from './dpop.ts';
import { createFetchJson } from './providers/fetch-json.ts';
import { createKeySource } from './providers/key-source.ts';
import type { Provider } from './providers/provider.ts';
import { createProviderBearer, type TrustedProvider } from './providers/provider-bearer.ts';
import type { IdentityRegistry } from './registry.ts';
import type { TokenIssuer } from './sign.ts';
import { createSignIn, readWith } from './sign-in.ts';
import type { SigningKey } from './signing-key.ts';
import { createTokenVerifier } from './verify.ts';

export interface IdentityParts {
  readonly issuer: TokenIssuer;
  readonly providers: readonly Provider[];
  readonly registry: IdentityRegistry;
  readonly publicKey: SigningKey['publicKey'];
  readonly clock: Clock;
  readonly isRevoked: (tokenId: string) => boolean | Promise<boolean>;
  readonly log: Pick<Log, 'info' | 'error'>;
}

export interface AssembledIdentity {
  readonly port: IdentityPort;
  /** `ok`, or which providers do not answer; sessions that are signed in do not depend on them. */
  health(): string;
}

export function assembleIdentity(parts: IdentityParts): AssembledIdentity {
  const { registry, clock, isRevoked, log } = parts;
  const nowMs = (): number => Number(clock.nowNs() / 1_000_000n);
  const proofs = createProofCheck(clock);
  const providers = parts.providers.map(
    (provider): TrustedProvider => ({
      provider,
      keys: createKeySource({
        provider,
        fetchJson: createFetchJson(provider.ca),
        nowMs,
        onChange: (status) =>
          status.reachable
            ? log.info(status, 'an identity provider answers again')
            : log.error(
                status,
                'AN IDENTITY PROVIDER DOES NOT ANSWER; its keys are kept meanwhile',
              ),
      }),
    }),
  );
  const bearer = createProviderBearer({ providers, registry, nowMs, proofs, isRevoked });
  const own = createTokenVerifier({
    issuer: parts.issuer,
    registry,
    publicKey: parts.publicKey,
    clock,
    isRevoked,
    proofs,
    providers: new Set(parts.providers.map((provider) => provider.issuer)),
  });
  const port = createSignIn(
    [readWith(bearer.takes, bearer.read, 'oidc')],
    readWith(() => true, own.read, 'session'),
    registry,
  );
  return {
    port,
    health() {
      const down = providers.filter(({ keys }) => !keys.status.reachable);
      return down.length === 0
        ? 'ok'
        : `ok, but these providers do not answer: ${down.map(({ provider }) => provider.name).join(', ')}`;
    },
  };
}
