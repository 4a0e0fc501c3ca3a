/**
 * Signs people in with a SAML provider for a program on their own machine: the browser is sent to the provider, comes back with an
 * assertion, and takes a one-time code to the program's loopback address; the program redeems it with the secret whose hash it
 * began with (RFC 7636, RFC 8252 section 7.3). What is under way is kept in this process, bounded in number and time.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { isRefusal, type Refusal, refuse } from '../../../proxy/gate/refusal.ts';
import type { PersonSessions } from '../person-session.ts';
import { mapClaims } from '../providers/mapping.ts';
import type { IdentityRegistry } from '../registry.ts';
import type { SignedToken } from '../sign.ts';
import type { SamlProvider } from './saml-provider.ts';
import { createSaml, SAML_SKEW_MS, SIGN_IN_LIFE_MS, verifyResponse } from './verify-response.ts';

/** Sign-ins and codes kept at once; further ones are refused. */
export const MAX_UNDER_WAY = 50_000;
/** Milliseconds a code is good for. */
export const CODE_LIFE_MS = 60_000;
const LOOPBACK = /^http:\/\/(?:127\.0\.0\.1|\[::1\]):[1-9]\d{0,4}\/callback$/;
/** SHA-256 in base64url. */
const CHALLENGE = /^[A-Za-z0-9_-]{43}$/;
const STATE = /^[A-Za-z0-9_-]{16,128}$/;

/** What the program begins with. */
export interface SignInRequest {
  /** `http://127.0.0.1:PORT/callback`. */
  readonly redirectUri: string;
  /** Given back with the code. */
  readonly state: string;
  /** SHA-256 of the program's secret, base64url. */
  readonly challenge: string;
}

export interface Redemption {
  readonly code: string;
  readonly verifier: string;
  readonly redirectUri: string;
}

export interface SamlSignIn {
  /** The address at the provider to send the browser to. */
  begin(name: string, request: SignInRequest): Promise<string | Refusal>;
  /** Takes the provider's answer; the address to send the browser to, unless nobody began it. */
  finish(name: string, relayState: string, response: string): Promise<string | Refusal>;
  redeem(redemption: Redemption): SignedToken | Refusal;
  /** The metadata of this gateway for its provider, or undefined when there is none of this name. */
  metadata(name: string): string | undefined;
}

export interface SamlSignInOptions {
  readonly providers: readonly SamlProvider[];
  readonly people: Pick<PersonSessions, 'open'>;
  readonly registry: IdentityRegistry;
  /** Prefixes of providers of other kinds. */
  readonly otherPrefixes: readonly string[];
  readonly nowMs: () => number;
  /** Told of every answer that is refused. */
  readonly onRefused: (provider: string, refusal: Refusal) => void;
}

interface Pending extends SignInRequest {
  readonly provider: string;
  readonly requestId: string;
  readonly untilMs: number;
}

interface Issued extends Pick<SignInRequest, 'redirectUri' | 'challenge'> {
  readonly signed: SignedToken;
  readonly untilMs: number;
}

const newSecret = (): string => randomBytes(24).toString('base64url');

export function createSamlSignIn(options: SamlSignInOptions): SamlSignIn {
  const { providers, nowMs } = options;
  const pending = new Map<string, Pending>();
  const codes = new Map<string, Issued>();
  const find = (name: string): SamlProvider | undefined =>
    providers.find((provider) => provider.name === name);
  const sweep = (): void => {
    const now = nowMs();
    for (const kept of [pending, codes])
      for (const [id, { untilMs }] of kept) if (untilMs <= now) kept.delete(id);
  };
  const take = <T extends { readonly untilMs: number }>(
    kept: Map<string, T>,
    id: string,
  ): T | undefined => {
    const found = kept.get(id);
    kept.delete(id);
    return found !== undefined && nowMs() < found.untilMs ? found : undefined;
  };

  async function openSession(
    provider: SamlProvider,
    requestId: string,
    response: string,
  ): Promise<SignedToken | Refusal> {
    const assertion = await verifyResponse(response, requestId, provider);
    if (isRefusal(assertion)) return assertion;
    const mapped = mapClaims(assertion.claims, provider.mapping, {
      idp: provider.issuer,
      registry: options.registry,
      otherPrefixes: [
        ...options.otherPrefixes,
        ...providers.flatMap((one) => (one === provider ? [] : [one.mapping.prefix])),
      ],
    });
    if (isRefusal(mapped)) return mapped;
    const jti = `${provider.name}:${createHash('sha256').update(assertion.id).digest('base64url')}`;
    const times = { iat: assertion.issuedAtMs / 1000, exp: assertion.expiresAtMs / 1000 };
    return options.people.open({
      person: {
        ...mapped.party,
        jti,
        iss: provider.issuer,
        aud: '',
        ...times,
        nbf: times.iat,
        mfa: mapped.mfa,
        ext: mapped.ext,
      },
      onceId: `saml:${jti}`,
      onceUntilMs: assertion.expiresAtMs + 2 * SAML_SKEW_MS,
      ...(assertion.sessionEndsAtMs === undefined ? {} : { notAfterMs: assertion.sessionEndsAtMs }),
    });
  }

  return {
    async begin(name, request) {
      const provider = find(name);
      if (provider === undefined) return unknownProvider();
      const { redirectUri, state, challenge } = request;
      if (!LOOPBACK.test(redirectUri) || !CHALLENGE.test(challenge) || !STATE.test(state))
        return refuse('blocked', 'login/request', 'this is not a sign-in of `sallyport login`');
      sweep();
      if (pending.size >= MAX_UNDER_WAY)
        return refuse('limit', 'limit/sign-ins', 'too many people sign in at once; try again soon');
      const relayState = newSecret();
      // An XML id begins with a letter or underscore.
      const requestId = `_${newSecret()}`;
      pending.set(relayState, {
        redirectUri,
        state,
        challenge,
        requestId,
        provider: name,
        untilMs: nowMs() + SIGN_IN_LIFE_MS,
      });
      return createSaml(provider, requestId).getAuthorizeUrlAsync(relayState, undefined, {});
    },
    async finish(name, relayState, response) {
      const provider = find(name);
      if (provider === undefined) return unknownProvider();
      const begun = take(pending, relayState);
      if (begun === undefined || begun.provider !== name) {
        const refusal = no('identity/not-asked-for', 'nobody began this sign-in, or it is over');
        options.onRefused(name, refusal);
        return refusal;
      }
      const signed = await openSession(provider, begun.requestId, response);
      const answer = new URL(begun.redirectUri);
      answer.searchParams.set('state', begun.state);
      if (isRefusal(signed)) {
        options.onRefused(name, signed);
        answer.searchParams.set('error', 'access_denied');
        answer.searchParams.set('error_description', `${signed.message} (${signed.code})`);
        return answer.href;
      }
      const code = newSecret();
      const { redirectUri, challenge } = begun;
      codes.set(code, { signed, redirectUri, challenge, untilMs: nowMs() + CODE_LIFE_MS });
      answer.searchParams.set('code', code);
      return answer.href;
    },
    redeem({ code, verifier, redirectUri }) {
      // Shown once, right or wrong: a code that leaked is worth nothing after.
      const issued = take(codes, code);
      const hash = createHash('sha256').update(verifier).digest();
      if (
        issued === undefined ||
        issued.redirectUri !== redirectUri ||
        !timingSafeEqual(hash, Buffer.from(issued.challenge, 'base64url'))
      )
        return no('login/code', 'the code is not one of this sign-in, or was used before');
      return issued.signed;
    },
    metadata(name) {
      const provider = find(name);
      return provider === undefined
        ? undefined
        : createSaml(provider, '_metadata').generateServiceProviderMetadata(null, null);
    },
  };
}

function unknownProvider(): Refusal {
  return refuse(
    'blocked',
    'login/unknown-provider',
    'nobody signs in with a provider of this name',
  );
}

function no(code: string, message: string): Refusal {
  return refuse('unauthenticated', code, message);
}
