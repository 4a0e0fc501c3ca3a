/**
 * `/envoy/...`: the check of Envoy's HTTP `ext_authz` filter, `path_prefix: /envoy`. Answers 200 to let the request pass and 3xx or 4xx
 * otherwise, never 5xx: Envoy can be configured to let requests pass when a check fails.
 */
import { METHODS } from 'node:http';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { evaluateDocument } from '../answer-document.ts';
import { type EnvoyAnswer, envoyAnswer, envoyInput, envoyRefusal } from '../envoy-input.ts';
import { addRoute, type Exchange } from '../exchange.ts';
import type { ServeFault } from '../fault.ts';
import { decideLogged } from '../logged-decision.ts';
import { contextOf, type ServePorts } from '../ports.ts';

export const ENVOY_PREFIX = '/envoy';

export function registerEnvoyRoutes(app: FastifyInstance, ports: ServePorts): void {
  const methods = METHODS.filter((method) => method !== 'CONNECT');
  for (const method of methods) {
    if (!app.supportedMethods.includes(method)) app.addHttpMethod(method, { hasBody: true });
  }
  for (const url of [ENVOY_PREFIX, `${ENVOY_PREFIX}/*`])
    addRoute(app, ports, {
      method: methods,
      url,
      handler: 'envoy',
      answer: async (exchange) => sendAnswer(exchange.reply, await check(ports, exchange)),
    });
}

async function check(ports: ServePorts, exchange: Exchange): Promise<EnvoyAnswer> {
  const { request } = exchange;
  const target = (request.raw.url ?? '').slice(ENVOY_PREFIX.length);
  // The body is the client's, and any encoding of it is for the target: it is not unpacked here.
  const body = Buffer.isBuffer(request.body) ? request.body.toString('utf8') : '';
  const input = envoyInput({
    method: request.method,
    target: target.startsWith('/') ? target : `/${target}`,
    headers: request.headers,
    body,
  });
  const context = contextOf(ports);
  const question = { path: ports.envoyDecision, input };
  const { result } = decideLogged(ports, context, question, () => ({
    result: evaluateDocument(context, question, false),
  }));
  return envoyAnswer(result);
}

/** The denial that stands for a fault: what went wrong is for the log, not for whoever asked Envoy. */
export function sendEnvoyFault(reply: FastifyReply, fault: ServeFault): FastifyReply {
  const isTheirs = fault.status === 401 || fault.status === 413;
  const body = fault.status === 413 ? 'the request is too large to be checked' : 'not decided';
  return sendAnswer(reply, envoyRefusal(body, isTheirs ? fault.status : 403));
}

function sendAnswer(reply: FastifyReply, { status, headers, body }: EnvoyAnswer): FastifyReply {
  for (const [name, value] of Object.entries(headers)) {
    reply.header(name, typeof value === 'string' ? value : [...value]);
  }
  if (!reply.hasHeader('content-type')) reply.type('text/plain; charset=utf-8');
  return reply.code(status).send(body);
}
