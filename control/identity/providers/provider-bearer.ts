/**
 * Workload tokens of trusted providers, taken as they are: a Kubernetes service account, a CI job, a SPIFFE JWT-SVID, as a database
 * password or HTTP bearer. The token becomes the same claims that the gateway's own tokens have, so that everything behind it
 * (chains, revocation, bindings) knows one sort of token.
 */
import { createHash, type KeyObject } from 'node:crypto';
import type { Credential } from '../../../proxy/gate/ports.ts';
import { isRefusal, type Refusal, refuse } from '../../../proxy/gate/refusal.ts';
import { type ProofCheck, refuseUnproven } from '../binding.ts';
import type { TokenClaims } from '../claims.ts';
import { readCompactToken } from '../compact-token.ts';
import { type IdentityRegistry, isInForce } from '../registry.ts';
import { createVerifiedTokens } from '../verified-tokens.ts';
import type { KeySource } from './key-source.ts';
import { mapClaims } from './mapping.ts';
import type { Provider } from './provider.ts';
import {
  PROVIDER_SKEW_SECONDS,
  type ProviderToken,
  verifyProviderToken,
} from './provider-token.ts';

/** A provider with its keys. */
export interface TrustedProvider {
  readonly provider: Provider;
  readonly keys: KeySource;
}

export interface ProviderBearerOptions {
  readonly providers: readonly TrustedProvider[];
  /** Prefixes of providers of other kinds. */
  readonly otherPrefixes?: readonly string[];
  readonly registry: IdentityRegistry;
  readonly nowMs: () => number;
  readonly proofs: ProofCheck;
  readonly isRevoked: (tokenId: string) => boolean | Promise<boolean>;
}

export interface ProviderBearer {
  /** True when the token says that it comes from a provider whose tokens are accepted directly. Unverified. */
  takes(token: string): boolean;
  read(credential: Credential): Promise<TokenClaims | Refusal>;
  /** A person's ID token, for the exchange only. */
  readSignIn(token: string): Promise<TokenClaims | Refusal>;
}

interface Verified {
  readonly claims: TokenClaims;
  readonly keys: KeySource;
  readonly key: KeyObject;
}

export function createProviderBearer(options: ProviderBearerOptions): ProviderBearer {
  const { providers, registry, nowMs } = options;
  const byIssuer = new Map(providers.map((one) => [one.provider.issuer, one]));
  const verified = createVerifiedTokens<Verified>();

  function find(token: string): TrustedProvider | undefined {
    const issuer = readCompactToken(token)?.payload['iss'];
    return typeof issuer === 'string' ? byIssuer.get(issuer) : undefined;
  }

  function map(
    token: string,
    content: ProviderToken,
    { provider }: TrustedProvider,
  ): TokenClaims | Refusal {
    const mapped = mapClaims(content.claims, provider.mapping, {
      idp: provider.issuer,
      registry,
      otherPrefixes: [
        ...(options.otherPrefixes ?? []),
        ...providers.flatMap((other) =>
          other.provider === provider ? [] : [other.provider.mapping.prefix],
        ),
      ],
    });
    if (isRefusal(mapped)) return mapped;
    const { party, mfa, scopes, ext } = mapped;
    if (content.client !== undefined && party.kind !== 'agent' && isAgentClient(content.client))
      return refuseToken(
        'identity/stripped-chain',
        'an agent may not use the token of a person as its own; it exchanges it beside its own',
      );
    return {
      ...party,
      // Its own id where it has one; the name of the provider keeps the ids of two providers apart.
      jti: `${provider.name}:${content.jti ?? createHash('sha256').update(token).digest('base64url')}`,
      iss: provider.issuer,
      aud: '',
      iat: content.issuedAtMs / 1000,
      nbf: content.issuedAtMs / 1000,
      exp: content.expiresAtMs / 1000,
      ...(content.cnf === undefined ? {} : { cnf: content.cnf }),
      scopes,
      mfa,
      ext,
    };
  }

  const isAgentClient = (client: string): boolean =>
    [...registry.values()].some((identity) => identity.agent?.clientId === client);

  async function verify(token: string): Promise<Verified | Refusal> {
    const now = nowMs();
    const known = verified.find(token, now);
    // A key that its provider has withdrawn takes the tokens with it.
    if (known?.keys.holds(known.key) === true) return known;
    const trusted = find(token);
    if (trusted === undefined)
      return refuseToken(
        'identity/wrong-issuer',
        'the token comes from a provider not trusted here',
      );
    const content = await verifyProviderToken(token, 'direct', trusted.provider, trusted.keys, now);
    if (isRefusal(content)) return content;
    const claims = map(token, content, trusted);
    if (isRefusal(claims)) return claims;
    const kept = { claims, keys: trusted.keys, key: content.key };
    verified.keep(token, kept, now);
    return kept;
  }

  async function refuseStanding(claims: TokenClaims): Promise<Refusal | undefined> {
    const now = nowMs();
    if (now >= (claims.exp + PROVIDER_SKEW_SECONDS) * 1000)
      return refuseToken('identity/expired', 'the token has expired');
    const known = registry.get(claims.sub);
    if (known !== undefined && !isInForce(known, now))
      return refuseToken('identity/agent-expired', `the registration of ${claims.sub} has expired`);
    try {
      if (await options.isRevoked(claims.jti))
        return refuseToken('identity/revoked', 'the token was revoked');
    } catch {
      return refuse('unavailable', 'identity/unavailable', 'tokens cannot be checked at present');
    }
    return undefined;
  }

  return {
    takes: (token) => (find(token)?.provider.audiences.length ?? 0) > 0,
    async read(credential) {
      const found = await verify(credential.token);
      if (isRefusal(found)) return found;
      const { claims } = found;
      return (
        (await refuseStanding(claims)) ??
        (await refuseUnproven(claims.cnf, credential, options.proofs)) ??
        claims
      );
    },
    async readSignIn(token) {
      const trusted = find(token);
      if (trusted?.provider.clientId === undefined)
        return refuseToken('identity/wrong-issuer', 'nobody signs in with this provider');
      const { provider, keys } = trusted;
      const content = await verifyProviderToken(token, 'sign-in', provider, keys, nowMs());
      if (isRefusal(content)) return content;
      const claims = map(token, content, trusted);
      return isRefusal(claims) ? claims : ((await refuseStanding(claims)) ?? claims);
    },
  };
}

function refuseToken(code: string, message: string): Refusal {
  return refuse('unauthenticated', code, message);
}
