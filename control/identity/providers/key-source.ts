/**
 * Keeps the keys of one provider: fetched when first needed, renewed behind the back of whoever asks, kept through an outage for
 * a bounded time. A key id that is not known asks the provider again, but not more often than the provider can bear.
 */
import type { KeyObject } from 'node:crypto';
import { type Refusal, refuse } from '../../../proxy/gate/refusal.ts';
import { ControlError } from '../../error.ts';
import type { FetchJson } from './fetch-json.ts';
import { findKey, type ProviderKey, readKeySet } from './key-set.ts';
import type { Provider } from './provider.ts';

/** Milliseconds after which keys are renewed at the next use; the old ones answer meanwhile. */
export const FRESH_MS = 600_000;
/** Milliseconds after which keys that could not be renewed are no longer believed. */
export const MAX_STALE_MS = 86_400_000;
/** Milliseconds between two fetches because of a key id that is not known, or after a failure. */
export const COOLDOWN_MS = 30_000;
const MAX_KID_LENGTH = 256;

export interface KeySourceStatus {
  readonly issuer: string;
  /** False from a failed fetch until one that succeeds. */
  readonly reachable: boolean;
  /** Milliseconds since the epoch; undefined before the first keys. */
  readonly keysAtMs: number | undefined;
  readonly fault: string | undefined;
}

export interface KeySource {
  find(kid: string | undefined, alg: string): Promise<KeyObject | Refusal>;
  /** True while this key is one of the provider's, as far as is known. */
  holds(key: KeyObject): boolean;
  readonly status: KeySourceStatus;
}

export interface KeySourceOptions {
  readonly provider: Pick<Provider, 'name' | 'issuer' | 'jwksUri'>;
  readonly fetchJson: FetchJson;
  readonly nowMs: () => number;
  /** Told when the provider stops or begins to answer. */
  readonly onChange: (status: KeySourceStatus) => void;
}

export function createKeySource(options: KeySourceOptions): KeySource {
  const { provider, fetchJson, nowMs, onChange } = options;
  let keys: readonly ProviderKey[] = [];
  let keysAtMs: number | undefined;
  let triedAtMs: number | undefined;
  let fault: string | undefined;
  let running: Promise<void> | undefined;

  const status = (): KeySourceStatus => ({
    issuer: provider.name,
    reachable: fault === undefined,
    keysAtMs,
    fault,
  });

  async function fetchKeys(): Promise<void> {
    triedAtMs = nowMs();
    const before = fault;
    try {
      const found = readKeySet(await fetchJson(await findJwksUri(provider, fetchJson)));
      if (found === undefined || found.length === 0)
        throw new ControlError('identity/provider-unreachable', 'its key set holds no usable key');
      // A key that is still there stays the same object: tokens it has verified stay verified.
      keys = found.map((one) => keys.find((before) => isSame(before, one)) ?? one);
      keysAtMs = nowMs();
      fault = undefined;
    } catch (error) {
      fault = error instanceof Error ? error.message : String(error);
    }
    if ((before === undefined) !== (fault === undefined)) onChange(status());
  }

  function renew(): Promise<void> {
    running ??= fetchKeys().finally(() => {
      running = undefined;
    });
    return running;
  }

  const mayTry = (): boolean => triedAtMs === undefined || nowMs() - triedAtMs >= COOLDOWN_MS;
  const isOlderThan = (ms: number): boolean => keysAtMs === undefined || nowMs() - keysAtMs > ms;

  return {
    async find(kid, alg) {
      if (kid !== undefined && kid.length > MAX_KID_LENGTH) return unknownKey();
      if (isOlderThan(MAX_STALE_MS)) {
        if (running !== undefined || mayTry()) await renew();
        if (isOlderThan(MAX_STALE_MS))
          return refuse(
            'unavailable',
            'identity/provider-unreachable',
            `the keys of ${provider.name} cannot be had`,
            { hint: 'sessions that are signed in go on; try again when the provider answers' },
          );
      } else if (isOlderThan(FRESH_MS) && mayTry()) {
        void renew();
      }
      const known = findKey(keys, kid, alg);
      if (known !== undefined) return known.key;
      // The provider may have begun to sign with a new key.
      if (running !== undefined || mayTry()) await renew();
      return findKey(keys, kid, alg)?.key ?? unknownKey();
    },
    holds: (key) => !isOlderThan(MAX_STALE_MS) && keys.some((one) => one.key === key),
    get status() {
      return status();
    },
  };
}

function isSame(a: ProviderKey, b: ProviderKey): boolean {
  return a.kid === b.kid && a.alg === b.alg && a.sort === b.sort && a.key.equals(b.key);
}

async function findJwksUri(
  provider: Pick<Provider, 'issuer' | 'jwksUri'>,
  fetchJson: FetchJson,
): Promise<string> {
  if (provider.jwksUri !== undefined) return provider.jwksUri;
  const base = provider.issuer.replace(/\/$/, '');
  const document = await fetchJson(`${base}/.well-known/openid-configuration`);
  const { issuer, jwks_uri: uri } = (document ?? {}) as Record<string, unknown>;
  // OpenID Connect Discovery section 4.3: the document of another issuer is not this one's.
  if (issuer !== provider.issuer || typeof uri !== 'string')
    throw new ControlError(
      'identity/provider-unreachable',
      'its discovery document names another issuer or no keys',
    );
  return uri;
}

function unknownKey(): Refusal {
  return refuse(
    'unauthenticated',
    'identity/unknown-key',
    'the token is signed with no key of its provider',
  );
}
