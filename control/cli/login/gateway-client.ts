/**
 * What signing in asks of the gateway: with whom people sign in, and its own token for what a provider said. Nobody has a token yet.
 */
import { ControlError } from '../../error.ts';
import type { LoginOption } from '../../identity/login-offer.ts';
import { isSafeUrl } from '../../identity/providers/fetch-json.ts';
import { harmless } from '../print.ts';

const EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
const ID_TOKEN = 'urn:ietf:params:oauth:token-type:id_token';
const TIMEOUT_MS = 15_000;

/** A session of the gateway. */
export interface GatewaySession {
  readonly token: string;
  /** RFC 3339. */
  readonly expiresAt: string;
}

export interface GatewayClient {
  /** Origin of the API. */
  readonly origin: string;
  offer(): Promise<readonly LoginOption[]>;
  /** For an ID token; `previous` is the session it renews. Rejects with `login/refused`. */
  exchange(idToken: string, previous: string | undefined): Promise<GatewaySession>;
  /** For the code of a SAML sign-in. Rejects with `login/refused`. */
  redeem(code: string, verifier: string, redirectUri: string): Promise<GatewaySession>;
}

/** A client of the gateway at this address. Throws `usage/invalid` when tokens would cross a network in the clear. */
export function createGatewayClient(base: string): GatewayClient {
  if (!isSafeUrl(base))
    throw new ControlError('usage/invalid', `nobody signs in at ${base}`, {
      hint: 'use https; http only on this machine',
    });
  const { origin } = new URL(base);

  async function ask(path: string, form?: Readonly<Record<string, string>>): Promise<Answer> {
    try {
      const response = await fetch(new URL(path, origin), {
        ...(form === undefined ? {} : { method: 'POST', body: new URLSearchParams(form) }),
        signal: AbortSignal.timeout(TIMEOUT_MS),
        redirect: 'error',
      });
      return { isOk: response.ok, status: response.status, body: await readBody(response) };
    } catch (cause) {
      throw new ControlError('api/unreachable', `no gateway answers at ${origin}`, {
        cause,
        hint: 'start it with `sallyport start`, or name another with --api URL',
      });
    }
  }

  async function token(form: Readonly<Record<string, string>>): Promise<GatewaySession> {
    const askedAt = Date.now();
    const { isOk, status, body } = await ask('/oauth/token', form);
    const { access_token: token, expires_in: seconds } = body;
    if (isOk && typeof token === 'string' && typeof seconds === 'number')
      return { token, expiresAt: new Date(askedAt + seconds * 1000).toISOString() };
    const why = body['error_description'] ?? body['title'] ?? `it answered ${status}`;
    const code = body['code'] ?? body['error'] ?? status;
    throw new ControlError(
      status === 503 ? 'api/unreachable' : 'login/refused',
      `the gateway did not sign you in: ${harmless(String(why))} (${harmless(String(code))})`,
    );
  }

  return {
    origin,
    async offer() {
      const { isOk, status, body } = await ask('/v1/login');
      const { providers } = body;
      if (isOk && Array.isArray(providers)) return providers as LoginOption[];
      throw new ControlError('api/refused', `${origin} answered ${status}; it is not a gateway`);
    },
    exchange: (idToken, previous) =>
      token({
        grant_type: EXCHANGE,
        subject_token: idToken,
        subject_token_type: ID_TOKEN,
        ...(previous === undefined ? {} : { session_token: previous }),
      }),
    redeem: (code, verifier, redirectUri) =>
      token({
        grant_type: 'authorization_code',
        code,
        code_verifier: verifier,
        redirect_uri: redirectUri,
      }),
  };
}

interface Answer {
  readonly isOk: boolean;
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

async function readBody(response: Response): Promise<Answer['body']> {
  const body: unknown = await response.json().catch(() => ({}));
  return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
}
