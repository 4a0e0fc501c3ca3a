/** One request and its answer: what every route does with bodies, tokens and text. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { bearerOf } from './access.ts';
import { bodyText } from './json-text.ts';
import type { ServeHandler } from './metrics.ts';
import { splitUrl } from './parameters.ts';
import type { ServePorts } from './ports.ts';
import { decodeText, inflateBody } from './request-body.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Under which name the route is counted. */
    readonly handler?: ServeHandler;
  }
}

export interface Exchange {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly startedNs: bigint;
  /** The body as text, empty when there is none. Rejects with `ServeFault`. */
  text(): Promise<string>;
  /** The bearer token. */
  readonly token: string | undefined;
  /** JSON text with the status. */
  send(text: string, isPretty?: boolean, status?: number): FastifyReply;
  /** An answer without a body. */
  sendNothing(status: number): FastifyReply;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

export interface ServeRoute {
  readonly method: string | readonly string[];
  readonly url: string;
  readonly handler: ServeHandler;
  readonly answer: (exchange: Exchange) => Promise<FastifyReply> | FastifyReply;
}

/** Adds a route; whoever asks it must have shown a token where one is wanted (server.ts). */
export function addRoute(app: FastifyInstance, ports: ServePorts, route: ServeRoute): void {
  app.route({
    method: [route.method].flat(),
    url: route.url,
    config: { handler: route.handler },
    handler: async (request, reply) => route.answer(exchangeOf(request, reply, ports)),
  });
}

function exchangeOf(request: FastifyRequest, reply: FastifyReply, ports: ServePorts): Exchange {
  const startedNs = process.hrtime.bigint();
  return {
    ...splitUrl(request.raw.url ?? '/'),
    startedNs,
    token: bearerOf(request.headers.authorization),
    async text() {
      if (!Buffer.isBuffer(request.body)) return '';
      const encoding = request.headers['content-encoding'];
      return decodeText(await inflateBody(request.body, encoding, ports.limits.bodyBytes));
    },
    send(text, isPretty = false, status = 200) {
      return sendJson(reply, bodyText(text, isPretty), status);
    },
    sendNothing: (status) => reply.code(status).send(),
    request,
    reply,
  };
}

/** JSON as OPA's server sends it. Bytes, because fastify names a charset with text, which JSON has none of (RFC 8259). */
export function sendJson(reply: FastifyReply, text: string, status: number): FastifyReply {
  return reply.code(status).header('content-type', 'application/json').send(Buffer.from(text));
}
