/**
 * The keys of one provider, as its key set says: which key may verify a token that names this key id and algorithm. Keys for
 * encryption, symmetric and weak keys are left out. RFC 7517, RFC 8725 section 3.
 */
import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';

/** Keys of one set that are looked at. */
export const MAX_KEYS = 64;
const MIN_RSA_BITS = 2048;

/** The sort of key that an algorithm needs; whatever is not listed is not accepted at all. */
const KEY_OF_ALGORITHM: Readonly<Record<string, string>> = {
  RS256: 'rsa',
  RS384: 'rsa',
  RS512: 'rsa',
  PS256: 'rsa',
  PS384: 'rsa',
  PS512: 'rsa',
  ES256: 'P-256',
  ES384: 'P-384',
  ES512: 'P-521',
  EdDSA: 'ed25519',
};

/** Algorithms that a provider may be trusted with. */
export const ALGORITHMS = Object.keys(KEY_OF_ALGORITHM);

export interface ProviderKey {
  readonly kid: string | undefined;
  /** What its provider says it is for; any of its sort when undefined. */
  readonly alg: string | undefined;
  readonly sort: string;
  readonly key: KeyObject;
}

/** The usable keys of a JWKS document, or undefined when it is none. */
export function readKeySet(document: unknown): readonly ProviderKey[] | undefined {
  if (typeof document !== 'object' || document === null || !('keys' in document)) return undefined;
  if (!Array.isArray(document.keys) || document.keys.length > MAX_KEYS) return undefined;
  return document.keys.flatMap((jwk: unknown) => readKey(jwk) ?? []);
}

/** The key for this token; a token without a key id is only verified where there is no choice. */
export function findKey(
  keys: readonly ProviderKey[],
  kid: string | undefined,
  alg: string,
): ProviderKey | undefined {
  const suited = keys.filter(
    (key) => key.sort === KEY_OF_ALGORITHM[alg] && (key.alg === undefined || key.alg === alg),
  );
  const named = kid === undefined ? suited : suited.filter((key) => key.kid === kid);
  return named.length === 1 ? named[0] : undefined;
}

function readKey(jwk: unknown): ProviderKey | undefined {
  if (typeof jwk !== 'object' || jwk === null) return undefined;
  const { kid, alg, use, key_ops: operations, kty } = jwk as Record<string, unknown>;
  if (kty === 'oct' || (use !== undefined && use !== 'sig')) return undefined;
  if (Array.isArray(operations) && !operations.includes('verify')) return undefined;
  if (kid !== undefined && typeof kid !== 'string') return undefined;
  try {
    const key = createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' });
    const sort = sortOf(key);
    return sort === undefined
      ? undefined
      : { kid, alg: typeof alg === 'string' ? alg : undefined, sort, key };
  } catch {
    // A key of a kind that is not known here cannot verify anything here.
    return undefined;
  }
}

function sortOf(key: KeyObject): string | undefined {
  const { modulusLength = 0, namedCurve } = key.asymmetricKeyDetails ?? {};
  switch (key.asymmetricKeyType) {
    case 'rsa':
      return modulusLength >= MIN_RSA_BITS ? 'rsa' : undefined;
    case 'ec':
      return { prime256v1: 'P-256', secp384r1: 'P-384', secp521r1: 'P-521' }[namedCurve ?? ''];
    case 'ed25519':
      return 'ed25519';
    default:
      return undefined;
  }
}
