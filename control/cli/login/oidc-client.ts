/**
 * Signing in with an OpenID Connect provider, and staying signed in: openid-client with every check on. The provider is who the
 * gateway says it is, exactly, in its discovery document, in its answers (RFC 9207) and in its ID tokens; state, nonce and PKCE tie
 * an answer to the sign-in that was begun. RFC 6749, 7636, 8252, 8414, 8628, 9207, OpenID Connect Core and RP-Initiated Logout.
 */
import * as client from 'openid-client';
import { ControlError } from '../../error.ts';
import type { LoginOption } from '../../identity/login-offer.ts';
import { isSafeUrl } from '../../identity/providers/fetch-json.ts';
import { PROVIDER_SKEW_SECONDS } from '../../identity/providers/provider-token.ts';
import { harmless } from '../print.ts';
import type { Loopback } from './loopback.ts';

const TIMEOUT_SECONDS = 15;
const OFFLINE = 'offline_access';

export type OidcOption = Extract<LoginOption, { readonly kind: 'oidc' }>;

/** What the provider gave. */
export interface ProviderSession {
  readonly idToken: string;
  readonly subject: string;
  readonly refreshToken: string | undefined;
}

/** How a person without a browser on this machine signs in on another. */
export interface DevicePrompt {
  readonly address: string;
  readonly code: string;
  /** The address with the code in it, where the provider has one. */
  readonly completeAddress: string | undefined;
}

export interface OidcClient {
  /** The address to send the browser to, and what turns the answer into a session. */
  begin(loopback: Loopback): Promise<{
    readonly address: string;
    readonly state: string;
    readonly finish: (answer: URL) => Promise<ProviderSession>;
  }>;
  byDevice(show: (prompt: DevicePrompt) => void): Promise<ProviderSession>;
  /** Rejects with `login/over` when the provider no longer agrees. */
  renew(refreshToken: string, subject: string): Promise<ProviderSession>;
  /** Revokes a refresh token; false where the provider does not offer that. */
  revoke(refreshToken: string): Promise<boolean>;
  /** Where the browser ends the session at the provider; undefined where it does not offer that. */
  endSessionAddress(idToken: string | undefined): string | undefined;
}

/** Discovers the provider. Rejects with `login/provider`. */
export async function createOidcClient(
  option: Pick<OidcOption, 'name' | 'issuer' | 'client_id'> & Partial<Pick<OidcOption, 'scopes'>>,
): Promise<OidcClient> {
  const { issuer, client_id: clientId, name } = option;
  if (!isSafeUrl(issuer)) throw unusable(name, `${issuer} is no https address`);
  const isLocal = new URL(issuer).protocol === 'http:';
  const metadata = { [client.clockTolerance]: PROVIDER_SKEW_SECONDS };
  const config = await client
    .discovery(new URL(issuer), clientId, metadata, client.None(), {
      timeout: TIMEOUT_SECONDS,
      execute: [
        // The signature of an ID token is checked even though it comes straight from its provider.
        client.enableNonRepudiationChecks,
        ...(isLocal ? [client.allowInsecureRequests] : []),
      ],
    })
    .catch((cause: unknown) => {
      throw unusable(name, 'its discovery document cannot be had or is of another issuer', cause);
    });
  const server = config.serverMetadata();
  if (server.issuer !== issuer) throw unusable(name, 'its discovery document is of another issuer');
  for (const [key, value] of Object.entries(server))
    if (/_(endpoint|uri)$/.test(key) && typeof value === 'string' && isUsed(key))
      if (!isSafeUrl(value)) throw unusable(name, `its ${key} is no https address`);
  // A provider that has no such scope may refuse the whole request.
  const hasOffline = server.scopes_supported?.includes(OFFLINE) !== false;
  const scopes = (option.scopes ?? []).filter((scope) => scope !== OFFLINE || hasOffline);

  function read(tokens: Awaited<ReturnType<typeof client.refreshTokenGrant>>): ProviderSession {
    const subject = tokens.claims()?.sub;
    if (tokens.id_token === undefined || subject === undefined)
      throw unusable(name, 'it does not say who signed in');
    return { idToken: tokens.id_token, subject, refreshToken: tokens.refresh_token };
  }

  return {
    async begin({ redirectUri }) {
      const verifier = client.randomPKCECodeVerifier();
      const state = client.randomState();
      const nonce = client.randomNonce();
      const address = client.buildAuthorizationUrl(config, {
        redirect_uri: redirectUri,
        scope: scopes.join(' '),
        code_challenge: await client.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        state,
        nonce,
        // OpenID Connect Core section 11: a refresh token is given by consent only.
        ...(scopes.includes(OFFLINE) ? { prompt: 'consent' } : {}),
      });
      const checks = {
        pkceCodeVerifier: verifier,
        expectedState: state,
        expectedNonce: nonce,
        idTokenExpected: true,
      };
      return {
        address: address.href,
        state,
        finish: (answer) =>
          client
            .authorizationCodeGrant(config, answer, checks)
            .then(read)
            .catch((cause: unknown) => {
              throw explain(cause, name);
            }),
      };
    },
    async byDevice(show) {
      if (server.device_authorization_endpoint === undefined)
        throw new ControlError('login/provider', `${name} offers no sign-in by device code`, {
          hint: 'sign in with a browser: `sallyport login`',
        });
      let untilMs = Number.POSITIVE_INFINITY;
      try {
        const device = await client.initiateDeviceAuthorization(config, {
          scope: scopes.join(' '),
        });
        untilMs = Date.now() + device.expires_in * 1000;
        show({
          address: device.verification_uri,
          code: device.user_code,
          completeAddress: device.verification_uri_complete,
        });
        return read(await client.pollDeviceAuthorizationGrant(config, device));
      } catch (cause) {
        throw Date.now() < untilMs ? explain(cause, name) : expired(cause);
      }
    },
    async renew(refreshToken, subject) {
      const renewed = await client
        .refreshTokenGrant(config, refreshToken)
        .then(read)
        .catch((cause: unknown) => {
          throw cause instanceof client.ResponseBodyError
            ? over(name, cause)
            : explain(cause, name);
        });
      // OpenID Connect Core section 12.2.
      if (renewed.subject !== subject) throw over(name);
      return { ...renewed, refreshToken: renewed.refreshToken ?? refreshToken };
    },
    async revoke(refreshToken) {
      if (server.revocation_endpoint === undefined) return false;
      await client.tokenRevocation(config, refreshToken, { token_type_hint: 'refresh_token' });
      return true;
    },
    endSessionAddress: (idToken) =>
      server.end_session_endpoint === undefined
        ? undefined
        : client.buildEndSessionUrl(config, {
            ...(idToken === undefined ? {} : { id_token_hint: idToken }),
          }).href,
  };
}

/** Members of a discovery document whose address is asked or shown. */
function isUsed(key: string): boolean {
  return /^(authorization|token|device_authorization|revocation|end_session)_endpoint$|^jwks_uri$/.test(
    key,
  );
}

/** What went wrong, in the reader's words; nothing of a token or code is in it. */
function explain(cause: unknown, name: string): ControlError {
  if (cause instanceof ControlError) return cause;
  if (
    cause instanceof client.AuthorizationResponseError ||
    cause instanceof client.ResponseBodyError
  ) {
    const about = cause.error_description ?? cause.error;
    if (cause.error === 'expired_token') return expired(cause);
    return new ControlError(
      'login/refused',
      `${name} did not sign you in: ${harmless(about)} (${harmless(cause.error)})`,
      { cause },
    );
  }
  return new ControlError('login/provider', `the answer of ${name} is not what it has to be`, {
    cause,
    hint: harmless(reasonOf(cause)),
  });
}

/** The innermost sentence of the library: it names the check that failed. */
function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return 'try again';
  return cause.cause instanceof Error ? reasonOf(cause.cause) : cause.message;
}

function expired(cause: unknown): ControlError {
  return new ControlError('login/timeout', 'the code has expired', {
    cause,
    hint: 'try again, and enter the code before it expires',
  });
}

function over(name: string, cause?: unknown): ControlError {
  return new ControlError('login/over', `${name} does not renew your session any more`, {
    cause,
    hint: 'sign in anew with `sallyport login`',
  });
}

function unusable(name: string, message: string, cause?: unknown): ControlError {
  return new ControlError('login/provider', `nobody can sign in with ${name}: ${message}`, {
    cause,
    ...(cause === undefined ? {} : { hint: harmless(reasonOf(cause)) }),
  });
}
