/**
 * Fetches a JSON document of a provider: https (or loopback), no redirects, bounded in time and size. A provider's address comes
 * from the configuration or from its own discovery document, never from a token.
 */
import { readFileSync } from 'node:fs';
import { Agent, request } from 'undici';
import { ControlError } from '../../error.ts';

/** Milliseconds a document may take. */
export const FETCH_TIMEOUT_MS = 5_000;
/** Bytes of a document. */
export const MAX_DOCUMENT_BYTES = 256 * 1024;

export type FetchJson = (url: string) => Promise<unknown>;

/** True for https, and for http to this machine itself. */
export function isSafeUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password } = new URL(text);
  if (username !== '' || password !== '') return false;
  const isLoopback =
    hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
  return protocol === 'https:' || (protocol === 'http:' && isLoopback);
}

/** A fetcher that trusts the system's authorities, or the one given. Rejects with `identity/provider-unreachable`. */
export function createFetchJson(ca: string | undefined): FetchJson {
  const dispatcher = new Agent({
    ...(ca === undefined ? {} : { connect: { ca: readFileSync(ca, 'utf8') } }),
    connections: 2,
    keepAliveTimeout: 1_000,
  });
  return async (url) => {
    if (!isSafeUrl(url)) throw unreachable(`${url} is no https address`);
    try {
      const { statusCode, body } = await request(url, {
        dispatcher,
        headers: { accept: 'application/json' },
        headersTimeout: FETCH_TIMEOUT_MS,
        bodyTimeout: FETCH_TIMEOUT_MS,
        signal: AbortSignal.timeout(FETCH_TIMEOUT_MS),
      });
      const chunks: Buffer[] = [];
      let size = 0;
      for await (const chunk of body) {
        chunks.push(chunk);
        size += chunk.length;
        if (size > MAX_DOCUMENT_BYTES) throw unreachable(`${url} is larger than a key set can be`);
      }
      if (statusCode !== 200) throw unreachable(`${url} answered ${statusCode}`);
      return JSON.parse(Buffer.concat(chunks).toString('utf8'));
    } catch (cause) {
      if (cause instanceof ControlError) throw cause;
      throw unreachable(`${url} does not answer with JSON`, cause);
    }
  };
}

function unreachable(message: string, cause?: unknown): ControlError {
  return new ControlError('identity/provider-unreachable', message, { cause });
}
