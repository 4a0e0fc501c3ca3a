/**
 * Signs the gateway's own tokens. Who may have one is decided by the callers: issue.ts for the operator, exchange.ts for people
 * who signed in elsewhere and for agents.
 */
import { SignJWT } from 'jose';
import type { TokenClaims } from './claims.ts';
import type { SigningKey } from './signing-key.ts';

/** `typ` of the header: keeps a token of another purpose, signed with the same key, from being taken for one of these. */
export const TOKEN_TYPE = 'sallyport+jwt';

export interface TokenIssuer {
  readonly issuer: string;
  readonly audience: string;
  readonly lifetimeMs: number;
  readonly maxLifetimeMs: number;
}

export interface SignedToken {
  readonly token: string;
  readonly id: string;
  readonly expiresAtMs: number;
}

/** Signs claims from now until `expiresAtMs`, to the second. */
export async function signToken(
  claims: Omit<TokenClaims, 'iss' | 'aud' | 'jti' | 'iat' | 'nbf' | 'exp'>,
  times: { readonly id: string; readonly nowMs: number; readonly expiresAtMs: number },
  issuer: Pick<TokenIssuer, 'issuer' | 'audience'>,
  key: SigningKey,
): Promise<SignedToken> {
  const issuedAt = Math.floor(times.nowMs / 1000);
  const exp = Math.floor(times.expiresAtMs / 1000);
  const token = await new SignJWT({
    ...claims,
    iss: issuer.issuer,
    aud: issuer.audience,
    jti: times.id,
    iat: issuedAt,
    nbf: issuedAt,
    exp,
  })
    .setProtectedHeader({ alg: 'EdDSA', typ: TOKEN_TYPE })
    .sign(key.privateKey);
  return { token, id: times.id, expiresAtMs: exp * 1000 };
}
