/**
 * Talks to the HTTP API of a running gateway, with the caller's own token. The command line never touches the store itself.
 */

import { loadConfig } from '../config/load.ts';
import { formatAddress } from '../config/units.ts';
import { ControlError } from '../error.ts';
import { readPresence } from '../presence.ts';
import { readToken, type TokenSource } from './token-source.ts';

/** Milliseconds an answer may take. */
const TIMEOUT_MS = 15_000;

export interface ApiClientOptions extends TokenSource {
  readonly config: string;
  readonly api?: string;
}

export interface ApiClient {
  get(path: string): Promise<unknown>;
  post(path: string, body: object): Promise<unknown>;
}

/** A client of the gateway that the options name. Throws `usage/invalid` without a token. */
export function connectApi(options: ApiClientOptions): ApiClient {
  const token = readToken(options);
  const base = options.api ?? findApi(options.config);
  const send = async (method: string, path: string, body?: object): Promise<unknown> => {
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
        hint: 'start it with `sallyport start`, or name another with --api URL',
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

/** Where the gateway of this configuration listens: its own note while it runs, else what the configuration says. */
function findApi(config: string): string {
  const settings = loadConfig(config);
  const address = readPresence(settings.stateDir)?.api ?? settings.listen.api;
  const host = address.host === '0.0.0.0' || address.host === '::' ? '127.0.0.1' : address.host;
  return `http://${formatAddress({ ...address, host })}`;
}
