/**
 * Verifies a token of a trusted provider, for one of two uses that exclude each other: `direct`, as the password or bearer of a
 * workload, and `sign-in`, as the ID token a person brings to be exchanged. What a token names (keys, addresses, certificates)
 * is never followed. RFC 7519, RFC 8725, OpenID Connect Core section 3.1.3.7.
 */

import type { KeyObject } from 'node:crypto';
import { compactVerify, errors } from 'jose';
import { type Refusal, refuse } from '../../../proxy/gate/refusal.ts';
import type { Confirmation } from '../claims.ts';
import { readCompactToken } from '../compact-token.ts';
import type { KeySource } from './key-source.ts';
import type { Provider } from './provider.ts';

/** Seconds by which the provider's clock may differ. */
export const PROVIDER_SKEW_SECONDS = 30;
/** Seconds after it was issued in which an ID token may be exchanged. */
export const SIGN_IN_SECONDS = 600;

export type TokenUse = 'direct' | 'sign-in';

/** `typ` by use: an access token is no proof of a sign-in, and a token of any other purpose is neither. */
const TYPES: Readonly<Record<TokenUse, readonly string[]>> = {
  direct: ['', 'jwt', 'at+jwt', 'application/at+jwt'],
  'sign-in': ['', 'jwt'],
};

export interface ProviderToken {
  readonly claims: Readonly<Record<string, unknown>>;
  readonly key: KeyObject;
  readonly issuedAtMs: number;
  readonly expiresAtMs: number;
  readonly jti: string | undefined;
  readonly cnf: Confirmation | undefined;
  /** The client it was made for (`azp`, `client_id`). */
  readonly client: string | undefined;
}

/** The verified content, or a refusal that says which check failed. */
export async function verifyProviderToken(
  token: string,
  use: TokenUse,
  provider: Provider,
  keys: KeySource,
  nowMs: number,
): Promise<ProviderToken | Refusal> {
  const read = readCompactToken(token);
  if (read === undefined) return refuseToken('identity/malformed', 'this is not a token');
  const { header, payload } = read;
  const { alg, kid, typ = '', crit, b64 } = header;
  if (typeof alg !== 'string' || !provider.algorithms.includes(alg))
    return refuseToken('identity/wrong-algorithm', 'the token is signed in a way not accepted');
  if (typeof typ !== 'string' || !TYPES[use].includes(typ.toLowerCase()))
    return refuseToken('identity/wrong-type', 'the token is made for another purpose');
  if (crit !== undefined || b64 !== undefined)
    return refuseToken('identity/malformed', 'the token demands what is not understood here');
  if (kid !== undefined && typeof kid !== 'string')
    return refuseToken('identity/malformed', 'the key id of the token is no text');
  if (payload['iss'] !== provider.issuer)
    return refuseToken('identity/wrong-issuer', 'the token comes from another issuer');
  const misfit = refuseClaims(payload, use, provider, nowMs);
  if (misfit !== undefined) return misfit;
  const key = await keys.find(kid, alg);
  if ('refused' in key) return key;
  try {
    await compactVerify(token, key, { algorithms: [alg] });
  } catch (error) {
    return error instanceof errors.JWSSignatureVerificationFailed
      ? refuseToken('identity/bad-signature', 'the token was not signed by its provider')
      : refuseToken('identity/malformed', 'this is not a token');
  }
  const { jti, cnf } = payload;
  return {
    claims: payload,
    key,
    issuedAtMs: Number(payload['iat']) * 1000,
    expiresAtMs: Number(payload['exp']) * 1000,
    jti: typeof jti === 'string' && jti.length <= 256 ? jti : undefined,
    cnf: typeof cnf === 'object' && cnf !== null ? readConfirmation(cnf) : undefined,
    client: clientOf(payload),
  };
}

type Claims = Readonly<Record<string, unknown>>;

/** Checked before the signature: a refusal tells nothing that its bearer could not read for himself. */
function refuseClaims(
  claims: Claims,
  use: TokenUse,
  provider: Provider,
  nowMs: number,
): Refusal | undefined {
  const { exp, iat, nbf, act } = claims;
  if (!isTime(exp) || !isTime(iat) || (nbf !== undefined && !isTime(nbf)))
    return refuseToken('identity/malformed', 'the token does not say from when to when it holds');
  const now = nowMs / 1000;
  if (now >= exp + PROVIDER_SKEW_SECONDS)
    return refuseToken('identity/expired', 'the token has expired');
  if (now < (nbf ?? iat) - PROVIDER_SKEW_SECONDS || now < iat - PROVIDER_SKEW_SECONDS)
    return refuseToken('identity/not-yet-valid', 'the token is not valid yet');
  if ((exp - iat) * 1000 > provider.maxLifeMs)
    return refuseToken('identity/lives-too-long', 'the token lives longer than is accepted');
  if (use === 'sign-in' && now > iat + SIGN_IN_SECONDS + PROVIDER_SKEW_SECONDS)
    return refuseToken('identity/expired', 'the sign-in is too long ago');
  const wanted = use === 'direct' ? provider.audiences : [provider.clientId];
  const audiences = typeof claims['aud'] === 'string' ? [claims['aud']] : claims['aud'];
  if (!Array.isArray(audiences) || !audiences.some((one) => wanted.includes(one)))
    return refuseToken('identity/wrong-audience', 'the token is meant for another service');
  // A token for several may be replayed by any of them; the client it was made for must be ours.
  if (use === 'sign-in' && (audiences.length > 1 || claims['azp'] !== undefined))
    if (claims['azp'] !== provider.clientId)
      return refuseToken('identity/wrong-audience', 'the token was made for another client');
  if (act !== undefined)
    return refuseToken('identity/foreign-chain', 'a chain of actors is only made by this gateway');
  return undefined;
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value > 0 && value < 1e11;
}

/** What it is bound to; an object without either is a binding that is not known here, and no proof will do. */
function readConfirmation(cnf: object): Confirmation {
  const { jkt, 'x5t#S256': certificate, ...others } = cnf as Record<string, unknown>;
  if (Object.keys(others).length > 0) return {};
  return {
    ...(typeof jkt === 'string' ? { jkt } : {}),
    ...(typeof certificate === 'string' ? { 'x5t#S256': certificate } : {}),
  };
}

function clientOf(claims: Claims): string | undefined {
  const { azp, client_id: client } = claims;
  return typeof azp === 'string' ? azp : typeof client === 'string' ? client : undefined;
}

function refuseToken(code: string, message: string): Refusal {
  return refuse('unauthenticated', code, message);
}
