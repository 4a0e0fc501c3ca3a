/**
 * Talks to the HTTP API of a running gateway, with the caller's own token. The command line never touches the store itself.
 */
import { ControlError } from '../error.ts';
import { findGateway, type GatewayOptions } from './find-gateway.ts';
import { findToken, type TokenSource } from './token-source.ts';

/** Milliseconds an answer may take. */
const TIMEOUT_MS = 15_000;

export interface ApiClientOptions extends TokenSource, GatewayOptions {}

export interface ApiClient {
  get(path: string): Promise<unknown>;
  post(path: string, body: object): Promise<unknown>;
}

/** A client of the gateway that the options name. What it sends rejects with `usage/invalid` without a token. */
export function connectApi(options: ApiClientOptions): ApiClient {
  const base = findGateway(options);
  let found: Promise<string> | undefined;
  const send = async (method: string, path: string, body?: object): Promise<unknown> => {
    found ??= findToken(options, base);
    const token = await found;
    let response: Response;
    try {
      response = await fetch(new URL(path, base), {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(TIMEOUT_MS),
        redirect: 'error',
      });
    } catch (cause) {
      throw new ControlError('api/unreachable', `no gateway answers at ${base}`, {
        cause,
        hint: base.startsWith('https:')
          ? 'where its certificate is not trusted, NODE_EXTRA_CA_CERTS names the file of its authority'
          : 'start it with `sallyport start`, or name another with --api URL',
      });
    }
    const answer = (await response.json().catch(() => ({}))) as Record<string, unknown>;
    if (response.ok) return answer;
    throw new ControlError(
      'api/refused',
      `${String(answer['title'] ?? `the gateway answered ${response.status}`)} (${String(answer['code'] ?? response.status)})`,
      { hint: typeof answer['hint'] === 'string' ? answer['hint'] : undefined },
    );
  };
  return { get: (path) => send('GET', path), post: (path, body) => send('POST', path, body) };
}
