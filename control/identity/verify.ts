/**
 * Turns a bearer token into an identity, or a refusal. Everything that is not exactly right is refused: one algorithm, one type,
 * one issuer, one audience, bounded size, claims of the known shape, not revoked, everybody it names still known and still who
 * they were.
 */
import { Ajv } from 'ajv';
import { errors, jwtVerify } from 'jose';
import type { IdentityInput } from '../../engine/contract/input.ts';
import type { Clock, IdentityPort } from '../../proxy/gate/ports.ts';
import { type Refusal, refuse } from '../../proxy/gate/refusal.ts';
import {
  ActorClaimsSchema,
  actorsOf,
  MAX_ACTORS,
  type PartyClaims,
  type TokenClaims,
  TokenClaimsSchema,
  toIdentity,
} from './claims.ts';
import { TOKEN_TYPE, type TokenIssuer } from './issue.ts';
import { type IdentityRegistry, mayActFor } from './registry.ts';
import type { SigningKey } from './signing-key.ts';

/** Characters of a token that are looked at at all. */
export const MAX_TOKEN_LENGTH = 8192;
/** Seconds by which clocks of two machines may differ. */
export const CLOCK_SKEW_SECONDS = 5;

export interface VerifierOptions {
  readonly issuer: TokenIssuer;
  readonly registry: IdentityRegistry;
  readonly publicKey: SigningKey['publicKey'];
  readonly clock: Clock;
  /** True when the token of this id was revoked; a rejection refuses the token. */
  readonly isRevoked: (tokenId: string) => Promise<boolean>;
}

const RENEW = 'get a new one with `sallyport token SUBJECT`';

/** The identity port over local tokens. */
export function createTokenVerifier(options: VerifierOptions): IdentityPort {
  const isTokenClaims = new Ajv({ strict: false })
    .addSchema(ActorClaimsSchema)
    .compile<TokenClaims>(TokenClaimsSchema);

  async function readClaims(token: string): Promise<TokenClaims | Refusal> {
    if (token.length > MAX_TOKEN_LENGTH)
      return refuseToken('identity/oversized', 'the token is too long');
    try {
      const { payload } = await jwtVerify(token, options.publicKey, {
        algorithms: ['EdDSA'],
        typ: TOKEN_TYPE,
        issuer: options.issuer.issuer,
        audience: options.issuer.audience,
        clockTolerance: CLOCK_SKEW_SECONDS,
        currentDate: new Date(Number(options.clock.nowNs() / 1_000_000n)),
        requiredClaims: ['sub', 'exp', 'nbf', 'iat', 'jti'],
      });
      if (!isTokenClaims(payload))
        return refuseToken('identity/malformed', 'the token is malformed');
      return payload;
    } catch (error) {
      return explain(error);
    }
  }

  return {
    async identify(credential): Promise<IdentityInput | Refusal> {
      const claims = await readClaims(credential.token);
      if ('refused' in claims) return claims;
      const actors = actorsOf(claims);
      if (actors.length > MAX_ACTORS)
        return refuseToken('identity/chain-too-long', 'the token names too many actors');
      const stranger = [claims, ...actors].find((party) => !options.registry.has(party.sub));
      if (stranger !== undefined)
        return refuseToken('identity/unknown-subject', `${stranger.sub} is no longer known here`);
      if (!isCurrent(claims, actors, options.registry))
        return refuseToken(
          'identity/outdated',
          'the configuration has changed what this token says',
          RENEW,
        );
      try {
        if (await options.isRevoked(claims.jti))
          return refuseToken('identity/revoked', 'the token was revoked', RENEW);
      } catch {
        // Fail closed: a token that cannot be checked is not accepted; the store reports its own fault on /healthz.
        return refuse('unavailable', 'identity/unavailable', 'tokens cannot be checked at present');
      }
      return toIdentity(claims);
    },
  };
}

/** A token gives no group, delegation or identity that the configuration has taken back since it was signed. */
function isCurrent(
  claims: TokenClaims,
  actors: readonly PartyClaims[],
  registry: IdentityRegistry,
): boolean {
  const isParty = (party: PartyClaims): boolean => {
    const known = registry.get(party.sub);
    return (
      known !== undefined &&
      known.kind === party.kind &&
      known.email === party.email &&
      known.owner === party.owner &&
      party.groups.every((group) => known.groups.includes(group))
    );
  };
  const mayAct = (actor: PartyClaims, at: number): boolean => {
    const known = registry.get(actor.sub);
    const others = [...actors.slice(at + 1).map(({ sub }) => sub), claims.sub];
    return known !== undefined && others.some((subject) => mayActFor(known, subject));
  };
  return [claims, ...actors].every(isParty) && actors.every(mayAct);
}

function refuseToken(code: string, message: string, hint?: string): Refusal {
  return refuse('unauthenticated', code, message, hint === undefined ? {} : { hint });
}

/** A refusal for each way in which verification fails; whatever is not known is malformed. */
function explain(error: unknown): Refusal {
  if (error instanceof errors.JWTExpired)
    return refuseToken('identity/expired', 'the token has expired', RENEW);
  if (error instanceof errors.JWTClaimValidationFailed) {
    if (error.claim === 'nbf' && error.reason === 'check_failed')
      return refuseToken('identity/not-yet-valid', 'the token is not valid yet');
    if (error.claim === 'iss' && error.reason === 'check_failed')
      return refuseToken('identity/wrong-issuer', 'the token comes from another issuer');
    if (error.claim === 'aud' && error.reason === 'check_failed')
      return refuseToken('identity/wrong-audience', 'the token is meant for another service');
    return refuseToken('identity/malformed', 'the token is malformed');
  }
  if (error instanceof errors.JOSEAlgNotAllowed)
    return refuseToken(
      'identity/wrong-algorithm',
      'the token is signed in a way that is not accepted',
    );
  if (error instanceof errors.JWSSignatureVerificationFailed)
    return refuseToken('identity/bad-signature', 'the token was not signed by this gateway');
  return refuseToken('identity/malformed', 'this is no token of this gateway', RENEW);
}
