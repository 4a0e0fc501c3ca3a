/**
 * Turns a token of this gateway into an identity, or a refusal. Everything that is not exactly right is refused: one algorithm,
 * one type, one issuer, one audience, bounded size, claims of the known shape, bound to no key or to one the client holds, not
 * revoked, everybody it names still known and still who they were. Only the signature's check is remembered.
 */
import { Ajv } from 'ajv';
import { errors, jwtVerify } from 'jose';
import type { IdentityInput } from '../../engine/contract/input.ts';
import type { Clock, Credential, IdentityPort } from '../../proxy/gate/ports.ts';
import { isRefusal, type Refusal, refuse } from '../../proxy/gate/refusal.ts';
import { type ProofCheck, refuseUnproven } from './binding.ts';
import {
  ActorClaimsSchema,
  actorsOf,
  MAX_ACTORS,
  type PartyClaims,
  type TokenClaims,
  TokenClaimsSchema,
  toIdentity,
} from './claims.ts';
import { readCompactToken } from './compact-token.ts';
import { type IdentityRegistry, isInForce, mayActFor } from './registry.ts';
import { TOKEN_TYPE, type TokenIssuer } from './sign.ts';
import type { SigningKey } from './signing-key.ts';
import { createVerifiedTokens } from './verified-tokens.ts';

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
  readonly isRevoked: (tokenId: string) => boolean | Promise<boolean>;
  /** `iss` of the providers that are trusted now; a token of somebody whom another vouched for is refused. */
  readonly providers?: ReadonlySet<string>;
  /** Checks the proof of a bound token; without it no bound token is accepted. */
  readonly proofs?: ProofCheck;
}

const RENEW =
  'take a new one: by `sallyport login`, from your provider, or by `sallyport token SUBJECT` at the gateway';

/** A verifier of the gateway's own tokens. */
export interface TokenVerifier extends IdentityPort {
  /** The claims of a token that stands, with everything `identify` checks. */
  read(credential: Credential): Promise<TokenClaims | Refusal>;
}

export function createTokenVerifier(options: VerifierOptions): TokenVerifier {
  const isTokenClaims = new Ajv({ strict: false })
    .addSchema(ActorClaimsSchema)
    .compile<TokenClaims>(TokenClaimsSchema);
  const verified = createVerifiedTokens<TokenClaims>();
  const nowMs = (): number => Number(options.clock.nowNs() / 1_000_000n);

  async function readSigned(token: string): Promise<TokenClaims | Refusal> {
    if (token.length > MAX_TOKEN_LENGTH)
      return refuseToken('identity/oversized', 'the token is too long');
    const known = verified.find(token, nowMs());
    if (known !== undefined) return known;
    const unverified = readCompactToken(token);
    if (unverified === undefined)
      return refuseToken('identity/malformed', 'this is not a token of this gateway', RENEW);
    const { iss } = unverified.payload;
    if (iss !== undefined && iss !== options.issuer.issuer)
      return refuseToken('identity/wrong-issuer', 'the token comes from another issuer');
    try {
      const { payload } = await jwtVerify(token, options.publicKey, {
        algorithms: ['EdDSA'],
        typ: TOKEN_TYPE,
        issuer: options.issuer.issuer,
        audience: options.issuer.audience,
        clockTolerance: CLOCK_SKEW_SECONDS,
        currentDate: new Date(nowMs()),
        requiredClaims: ['sub', 'exp', 'nbf', 'iat', 'jti'],
      });
      if (!isTokenClaims(payload))
        return refuseToken('identity/malformed', 'the token is malformed');
      verified.keep(token, payload, nowMs());
      return payload;
    } catch (error) {
      return explain(error);
    }
  }

  async function read(credential: Credential): Promise<TokenClaims | Refusal> {
    const claims = await readSigned(credential.token);
    if ('refused' in claims) return claims;
    const now = nowMs();
    // The signature is remembered, its time is not.
    if (now >= (claims.exp + CLOCK_SKEW_SECONDS) * 1000)
      return refuseToken('identity/expired', 'the token has expired', RENEW);
    if (now < (claims.nbf - CLOCK_SKEW_SECONDS) * 1000)
      return refuseToken('identity/not-yet-valid', 'the token is not valid yet');
    const actors = actorsOf(claims);
    if (actors.length > MAX_ACTORS)
      return refuseToken('identity/chain-too-long', 'the token names too many actors');
    const misfit = refuseParties(claims, actors, options, now);
    if (misfit !== undefined) return misfit;
    const unproven = await refuseUnproven(claims.cnf, credential, options.proofs);
    if (unproven !== undefined) return unproven;
    try {
      for (const id of [claims.jti, ...(claims.roots ?? [])]) {
        const answer = options.isRevoked(id);
        if (answer === true || (answer !== false && (await answer)))
          return refuseToken('identity/revoked', 'the token was revoked', RENEW);
      }
    } catch {
      // Fail closed: a token that cannot be checked is not accepted; the store reports its own fault on /healthz.
      return refuse('unavailable', 'identity/unavailable', 'tokens cannot be checked at present');
    }
    return claims;
  }

  return {
    read,
    async identify(credential): Promise<IdentityInput | Refusal> {
      const claims = await read(credential);
      return isRefusal(claims) ? claims : toIdentity(claims);
    },
  };
}

/** A token gives no group, delegation or identity that the configuration has taken back since it was signed. */
function refuseParties(
  claims: TokenClaims,
  actors: readonly PartyClaims[],
  { registry, providers }: VerifierOptions,
  nowMs: number,
): Refusal | undefined {
  for (const party of [claims, ...actors]) {
    const known = registry.get(party.sub);
    if (party.idp !== undefined && providers?.has(party.idp) !== true)
      return refuseToken('identity/unknown-issuer', 'the provider it comes from is not trusted');
    if (known === undefined && (party.idp === undefined || party.kind === 'agent'))
      return refuseToken('identity/unknown-subject', `${party.sub} is no longer known here`);
    if (known !== undefined && !isInForce(known, nowMs))
      return refuseToken('identity/agent-expired', `the registration of ${party.sub} has expired`);
    if (known !== undefined && !isCurrent(party, known)) return outdated();
  }
  for (const [at, actor] of actors.entries()) {
    const known = registry.get(actor.sub);
    const others = [...actors.slice(at + 1), claims];
    if (known === undefined || !others.some(({ sub, groups }) => mayActFor(known, sub, groups)))
      return outdated();
  }
  return undefined;
}

function isCurrent(
  party: PartyClaims,
  known: NonNullable<ReturnType<IdentityRegistry['get']>>,
): boolean {
  if (known.kind !== party.kind || known.owner !== party.owner) return false;
  // A provider's word on address and groups is its own; it was taken over when the token was made.
  return (
    party.idp !== undefined ||
    (known.email === party.email && party.groups.every((group) => known.groups.includes(group)))
  );
}

function outdated(): Refusal {
  const message = 'the configuration has changed what this token says';
  return refuseToken('identity/outdated', message, RENEW);
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
  return refuseToken('identity/malformed', 'this is not a token of this gateway', RENEW);
}
