/**
 * Posts JSON to an address of the configuration, and to no other: a redirect is a failure, nothing of the answer is followed or
 * kept, and everything has a limit.
 */
import { readFileSync } from 'node:fs';
import { Agent, request } from 'undici';
import { DeliveryFailure } from './channel.ts';

/** Milliseconds until the answer's head, and for its body. */
const TIMEOUT_MS = 10_000;
const CONNECT_TIMEOUT_MS = 5_000;
/** Bytes of an answer that are read away so that the connection can be used again. */
const MAX_ANSWER_BYTES = 16 * 1024;
/** Answers that say "not now"; every other 4xx says "never". */
const PASSING: ReadonlySet<number> = new Set([408, 425, 429]);
const MAX_CONNECTIONS = 4;

export interface JsonPost {
  /** Rejects with `DeliveryFailure`. */
  send(body: string, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<void>;
  close(): void;
}

export function createJsonPost(url: string, ca: string | undefined): JsonPost {
  const dispatcher = new Agent({
    connections: MAX_CONNECTIONS,
    connect: {
      timeout: CONNECT_TIMEOUT_MS,
      ...(ca === undefined ? {} : { ca: readFileSync(ca, 'utf8') }),
    },
  });
  return {
    async send(body, headers, signal) {
      const status = await post(body, headers, signal);
      if (status.code >= 200 && status.code < 300) return;
      const isRedirect = status.code >= 300 && status.code < 400;
      throw new DeliveryFailure(
        isRedirect ? `HTTP ${status.code}; redirects are not followed` : `HTTP ${status.code}`,
        {
          isFinal: status.code < 500 && !PASSING.has(status.code),
          retryAfterMs: status.retryAfterMs,
        },
      );
    },
    close: () => void dispatcher.destroy(),
  };

  async function post(
    body: string,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<{ readonly code: number; readonly retryAfterMs: number | undefined }> {
    try {
      const answer = await request(url, {
        dispatcher,
        method: 'POST',
        headers: { 'content-type': 'application/json', 'user-agent': 'sallyport', ...headers },
        body,
        headersTimeout: TIMEOUT_MS,
        bodyTimeout: TIMEOUT_MS,
        signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
      });
      const seconds = Number(answer.headers['retry-after']);
      await answer.body.dump({ limit: MAX_ANSWER_BYTES });
      return {
        code: answer.statusCode,
        retryAfterMs: Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : undefined,
      };
    } catch (cause) {
      throw new DeliveryFailure(describe(cause), { cause });
    }
  }
}

/** The sort of fault only: its text may hold the address, which is a secret. */
function describe(cause: unknown): string {
  if (!(cause instanceof Error)) return 'no answer';
  if (cause.name === 'TimeoutError') return 'no answer in time';
  return 'code' in cause ? `no answer (${String(cause.code)})` : 'no answer';
}
