/**
 * The connection to a target: dialled with a permit, for one session only, never shared between identities. It follows no
 * redirect and adds the target's own credential, which the client never sees.
 */
import { Client, type Dispatcher } from 'undici';
import { ProxyError } from '../error.ts';
import type { Permit } from '../gate/permit.ts';
import type { HttpUpstream, SecretPort } from '../gate/ports.ts';
import type { HttpLimits } from './limits.ts';

export interface TargetRequest {
  readonly method: string;
  /** Path and query, encoded. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly signal: AbortSignal;
}

export interface TargetClient {
  /** `scheme://host:port` */
  readonly origin: string;
  /** Sends it; throws `ProxyError` `target/unreachable`, `target/protocol`, `secret/unavailable`. */
  send(request: TargetRequest): Promise<Dispatcher.ResponseData>;
  close(): void;
}

/** Dials the permit's target, or undefined when that speaks no HTTP. */
export function dialTarget(
  permit: Permit,
  secrets: SecretPort,
  limits: HttpLimits,
): TargetClient | undefined {
  const { upstream } = permit.target;
  if (upstream.kind !== 'http') return undefined;
  const url = new URL(upstream.url);
  const basePath = url.pathname.replace(/\/+$/, '');
  const client = new Client(url.origin, {
    headersTimeout: limits.targetTimeoutMs,
    bodyTimeout: limits.targetTimeoutMs,
    pipelining: 1,
    maxHeaderSize: limits.maxHeaderBytes,
    connect: {
      timeout: limits.connectTimeoutMs,
      ...(upstream.ca === undefined ? {} : { ca: upstream.ca }),
    },
  });
  const sendWith = async (
    values: readonly string[],
    request: TargetRequest,
  ): Promise<Dispatcher.ResponseData> => {
    const injected = injectedHeaders(upstream, values);
    try {
      return await client.request({
        method: request.method as Dispatcher.HttpMethod,
        path: basePath + request.path,
        headers: { ...withoutImitations(request.headers, injected), ...injected },
        body: request.body.length === 0 ? null : request.body,
        signal: request.signal,
      });
    } catch (cause) {
      if (request.signal.aborted) throw cause;
      // The cause may quote a header, and with it the credential: it stays out of the message.
      const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
      const isTimeout = /TIMEOUT|TIMEDOUT/.test(code);
      throw new ProxyError(
        'target/unreachable',
        isTimeout ? 'the target did not answer in time' : 'the target cannot be reached',
        { cause, hint: code === '' ? 'See the log of the gateway.' : `The cause is ${code}.` },
      );
    }
  };
  return {
    origin: url.origin,
    async send(request) {
      const borrowed = await secrets.borrow(upstream.inject.map(({ value }) => value));
      try {
        const answer = await sendWith(borrowed.values, request);
        // Not accepted is not done: it may be sent again, with a credential that has been changed since.
        if (answer.statusCode !== 401 || upstream.inject.length === 0) return answer;
        if (!(await borrowed.refused())) return answer;
        await answer.body.dump();
      } finally {
        borrowed.release();
      }
      const renewed = await secrets.borrow(upstream.inject.map(({ value }) => value));
      try {
        return await sendWith(renewed.values, request);
      } finally {
        renewed.release();
      }
    },
    close() {
      client.destroy().catch(() => undefined);
    },
  };
}

/** Servers that read `_` as `-` would take such a header of the client for the injected one. */
function withoutImitations(
  headers: Readonly<Record<string, string>>,
  injected: Readonly<Record<string, string>>,
): Record<string, string> {
  const plain = (name: string): string => name.replaceAll('_', '-');
  const taken = new Set(Object.keys(injected).map(plain));
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !taken.has(plain(name))));
}

function injectedHeaders(
  upstream: HttpUpstream,
  values: readonly string[],
): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [position, { header }] of upstream.inject.entries())
    headers[header.toLowerCase()] = values[position] ?? '';
  return headers;
}
