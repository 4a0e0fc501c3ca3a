/**
 * The HTTP API: fastify with its bounds, RFC 9457 errors and an OpenAPI 3.1 description at `/openapi.json`. Handlers live in
 * routes/; nothing here knows what they do.
 */
import { randomUUID } from 'node:crypto';
import swagger from '@fastify/swagger';
import fastify, { type FastifyError, type FastifyInstance } from 'fastify';
import { acceptForms } from './form-body.ts';
import { createHostCheck } from './host.ts';
import { ROUTE_OPERATIONS, TOKEN_ROUTES } from './operations.ts';
import type { ApiPorts } from './ports.ts';
import { ApiProblem, PROBLEM_TYPE, ProblemSchema } from './problem.ts';
import { createRateLimit } from './rate.ts';
import { registerAnswerLinkRoutes } from './routes/answer-links.ts';
import { registerApiKeyRoutes } from './routes/api-keys.ts';
import { registerApprovalRoutes } from './routes/approvals.ts';
import { registerConnectionRoutes } from './routes/connections.ts';
import { registerConsentRoutes } from './routes/consents.ts';
import { registerDecisionRoutes } from './routes/decisions.ts';
import { registerIdentityRoutes } from './routes/identities.ts';
import { registerLoginRoutes } from './routes/login.ts';
import { registerNotificationRoutes } from './routes/notifications.ts';
import { registerOauthRoutes } from './routes/oauth.ts';
import { registerPolicyRoutes } from './routes/policy.ts';
import { registerProbeRoutes } from './routes/probes.ts';
import { registerSamlRoutes } from './routes/saml.ts';
import { registerSecretRoutes } from './routes/secrets.ts';
import { registerSessionRoutes } from './routes/sessions.ts';
import { registerSlackRoutes } from './routes/slack.ts';
import { registerTokenRoutes } from './routes/tokens.ts';

/** Milliseconds a client has to send a whole request. */
const REQUEST_TIMEOUT_MS = 10_000;
/** Milliseconds an idle connection is kept. */
const KEEP_ALIVE_MS = 5_000;
const MAX_PARAMETER_LENGTH = 128;

/** Builds the server, which speaks https where it is given a certificate; the caller listens and closes. */
export async function createApi(
  ports: ApiPorts,
  tls?: { readonly key: string; readonly certificate: string },
): Promise<FastifyInstance> {
  const options = {
    genReqId: () => randomUUID(),
    logger: false,
    bodyLimit: ports.limits.bodyBytes,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: MAX_PARAMETER_LENGTH },
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false } },
  } as const;
  const app: FastifyInstance =
    tls === undefined
      ? fastify(options)
      : fastify({
          ...options,
          https: { key: tls.key, cert: tls.certificate, minVersion: 'TLSv1.2' },
        });
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Sallyport',
        version: ports.version,
        description:
          'Approvals, sessions, decisions, identities, credentials, consents and policy status of one gateway.',
      },
      components: {
        securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
      },
    },
    refResolver: { buildLocalReference: (json) => String(json['$id']) },
  });
  app.addSchema(ProblemSchema);
  acceptForms(app);

  // A route that needs a token is one policies can name.
  app.addHook('onRoute', ({ method, url, schema }) => {
    const route = `${String(method)} ${url}`;
    const isNamed = ROUTE_OPERATIONS.has(route) || TOKEN_ROUTES.has(route) || method === 'HEAD';
    if (schema?.['security'] !== undefined && !isNamed)
      throw new RangeError(`the route ${route} is missing in operations.ts`);
  });
  const rate = createRateLimit(ports.limits.requestsPerMinute, ports.nowMs);
  const isOwnHost = createHostCheck(ports.hosts);
  app.addHook('onRequest', async (request, reply) => {
    reply.headers({
      'cache-control': 'no-store',
      'content-security-policy': "default-src 'none'",
      'x-content-type-options': 'nosniff',
    });
    // Before the rate: a foreign page must not use up what the people at this address have.
    if (!isOwnHost(request.headers.host))
      throw new ApiProblem(
        421,
        'api/host',
        'this API is not asked by that name; `listen.api_hosts` lists the names it takes',
      );
    const wait = rate.take(request.ip);
    if (wait === undefined) return;
    reply.header('retry-after', String(wait));
    throw new ApiProblem(429, 'limit/api-rate', 'too many requests from this address');
  });
  app.setNotFoundHandler((_request, reply) =>
    sendProblem(reply, new ApiProblem(404, 'api/not-found', 'there is nothing here')),
  );
  app.setErrorHandler((error: FastifyError | ApiProblem, _request, reply) => {
    const problem = toProblem(error);
    if (problem.problem.status >= 500) ports.onFault(error);
    return sendProblem(reply, problem);
  });

  registerProbeRoutes(app, ports);
  registerApprovalRoutes(app, ports);
  registerSessionRoutes(app, ports);
  registerPolicyRoutes(app, ports);
  registerTokenRoutes(app, ports);
  registerConnectionRoutes(app, ports);
  registerApiKeyRoutes(app, ports);
  registerSecretRoutes(app, ports);
  registerConsentRoutes(app, ports);
  registerIdentityRoutes(app, ports);
  registerDecisionRoutes(app, ports);
  registerOauthRoutes(app, ports);
  registerLoginRoutes(app, ports);
  registerSamlRoutes(app, ports);
  registerAnswerLinkRoutes(app, ports);
  registerSlackRoutes(app, ports);
  registerNotificationRoutes(app, ports);
  app.get('/openapi.json', { schema: { hide: true } }, () => app.swagger());
  await app.ready();
  return app;
}

function sendProblem(reply: import('fastify').FastifyReply, { problem }: ApiProblem): unknown {
  if (problem.status === 401) reply.header('www-authenticate', 'Bearer realm="sallyport"');
  return reply.code(problem.status).type(PROBLEM_TYPE).serializer(JSON.stringify).send(problem);
}

function toProblem(error: FastifyError | ApiProblem): ApiProblem {
  if (error instanceof ApiProblem) return error;
  const status = error.statusCode ?? 500;
  if (status === 413)
    return new ApiProblem(413, 'limit/api-body', 'the request is larger than this API takes');
  if (status >= 400 && status < 500)
    return new ApiProblem(status, 'api/bad-request', faultOfRequest(error.message));
  return new ApiProblem(500, 'api/fault', 'the gateway could not answer this request');
}

/** What a library says of a request, in the form of every other message. */
function faultOfRequest(said: string): string {
  if (/not valid JSON/i.test(said)) return 'the body is not valid JSON';
  const fault = said
    .replace(/^(body|querystring|params|headers)(?:\/(\S+))?/, (_, part: string, key?: string) =>
      key === undefined ? `the ${part}` : `\`${key.replaceAll('/', '.')}\` of the ${part}`,
    )
    .replace(/'([^']*)'/g, '`$1`');
  return fault.charAt(0).toLowerCase() + fault.slice(1);
}
