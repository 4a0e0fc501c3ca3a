/**
 * The decision service: fastify with its bounds, tokens and OPA's error bodies. Handlers live in routes/. What cannot be answered is
 * refused; nothing is answered by halves.
 */
import type { ServerOptions } from 'node:https';
import fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import { createHostCheck } from '../api/host.ts';
import { bearerOf } from './access.ts';
import { TOKEN_HEADER } from './envoy-input.ts';
import { sendJson } from './exchange.ts';
import { faultBody, ServeFault } from './fault.ts';
import { bodyText } from './json-text.ts';
import type { ServeHandler } from './metrics.ts';
import type { ServePorts } from './ports.ts';
import { tooLarge } from './request-body.ts';
import { registerBatchRoute } from './routes/batch.ts';
import { registerChangeRoutes } from './routes/changes.ts';
import { registerCompileRoutes } from './routes/compile.ts';
import { registerDataRoutes } from './routes/data.ts';
import { registerEnvoyRoutes, sendEnvoyFault } from './routes/envoy.ts';
import { registerPolicyRoutes } from './routes/policies.ts';
import { registerProbeRoutes } from './routes/probes.ts';
import { registerQueryRoutes } from './routes/query.ts';

/** Milliseconds an idle connection is kept. */
const KEEP_ALIVE_MS = 30_000;
const MAX_PARAMETER_LENGTH = 8_192;
/** Paths of OPA's API: another method there is refused as such. */
const KNOWN_PATHS = /^\/v[01]\/(?:data|policies|query)(?:[/?]|$)/;

export interface ServeServer {
  readonly app: FastifyInstance;
  /** Requests that are worked on now. */
  readonly inFlight: () => number;
}

/** Builds the server; the caller listens and closes. `tls` is undefined for plain HTTP. */
export async function createServeServer(
  makePorts: (inFlight: () => number) => ServePorts,
  tls: ServerOptions | undefined,
): Promise<ServeServer> {
  let open = 0;
  const ports = makePorts(() => open);
  const options = {
    logger: false,
    bodyLimit: ports.limits.bodyBytes,
    requestTimeout: ports.limits.requestMs,
    keepAliveTimeout: KEEP_ALIVE_MS,
    routerOptions: { maxParamLength: MAX_PARAMETER_LENGTH },
    frameworkErrors: (_error: FastifyError, _request: FastifyRequest, reply: FastifyReply) =>
      sendFault(reply, new ServeFault(400, 'invalid_parameter', 'the address cannot be read')),
  };
  const app: FastifyInstance =
    tls === undefined ? fastify(options) : fastify({ ...options, https: tls });

  // Whatever a client calls its body, it is read as bytes: OPA asks for no content type either.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  const isOwnHost = ports.hosts === undefined ? undefined : createHostCheck(ports.hosts);

  app.addHook('onRequest', async (request, reply) => {
    const begun = performance.now();
    open += 1;
    reply.raw.once('close', () => {
      open -= 1;
      const seconds = (performance.now() - begun) / 1000;
      ports.metrics.answered(handlerOf(request), request.method, reply.statusCode, seconds);
    });
    reply.headers({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
    if (open > ports.limits.inFlight) {
      ports.metrics.refused();
      reply.header('retry-after', '1');
      throw new ServeFault(503, 'internal_error', 'too many requests are worked on');
    }
    assertMayAsk(ports, request, isOwnHost);
  });
  app.setNotFoundHandler((request, reply) => {
    if (KNOWN_PATHS.test(request.raw.url ?? '')) return reply.code(405).send();
    throw new ServeFault(404, 'resource_not_found', 'there is nothing here');
  });
  app.setErrorHandler((error: FastifyError | ServeFault, request, reply) => {
    const fault = faultOf(error, ports);
    if (handlerOf(request) === 'envoy') return sendEnvoyFault(reply, fault);
    if (fault.status === 401) reply.header('www-authenticate', 'Bearer realm="sallyport"');
    return sendFault(reply, fault);
  });

  registerProbeRoutes(app, ports);
  registerDataRoutes(app, ports);
  registerBatchRoute(app, ports);
  registerChangeRoutes(app, ports);
  registerQueryRoutes(app, ports);
  registerPolicyRoutes(app, ports);
  registerCompileRoutes(app, ports);
  registerEnvoyRoutes(app, ports);
  await app.ready();
  return { app, inFlight: () => open };
}

function sendFault(reply: FastifyReply, fault: ServeFault): FastifyReply {
  return sendJson(reply, bodyText(JSON.stringify(faultBody(fault)), true), fault.status);
}

function handlerOf(request: FastifyRequest): ServeHandler {
  return request.routeOptions.config.handler ?? 'other';
}

/** Probes are open; Envoy has a header of its own, because `Authorization` is its client's. */
function assertMayAsk(
  ports: ServePorts,
  request: FastifyRequest,
  isOwnHost: ((host: string | undefined) => boolean) | undefined,
): void {
  const handler = handlerOf(request);
  if (handler === 'health') return;
  if (handler === 'envoy') {
    const token = request.headers[TOKEN_HEADER];
    ports.access.assertAsks(typeof token === 'string' ? token : undefined);
    return;
  }
  ports.access.assertAsks(bearerOf(request.headers.authorization));
  if (isOwnHost === undefined || isOwnHost(request.headers.host)) return;
  throw new ServeFault(421, 'unauthorized', 'without a token this server is asked by its address');
}

function faultOf(error: FastifyError | ServeFault, ports: ServePorts): ServeFault {
  if (error instanceof ServeFault) {
    if (error.status >= 500 && error.status !== 501) ports.onFault(error);
    return error;
  }
  const status = error.statusCode ?? 500;
  if (status === 413) return tooLarge(ports.limits.bodyBytes);
  if (status >= 400 && status < 500) {
    return new ServeFault(status, 'invalid_parameter', error.message);
  }
  ports.onFault(error);
  return new ServeFault(500, 'internal_error', 'the server could not answer this request');
}
