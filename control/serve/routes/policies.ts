/** `GET /v1/policies`, `GET /v1/policies/ID`, `GET /v1/status`, `GET /v1/config`: what decides. Policies come from files and are not written here. */
import type { FastifyInstance } from 'fastify';
import { addRoute } from '../exchange.ts';
import { ServeFault } from '../fault.ts';
import { isAsked, splitUrl } from '../parameters.ts';
import type { ServePorts } from '../ports.ts';

const PREFIX = '/v1/policies';

export function registerPolicyRoutes(app: FastifyInstance, ports: ServePorts): void {
  addRoute(app, ports, {
    method: 'GET',
    url: PREFIX,
    handler: 'v1/policies',
    answer: (exchange) => {
      const result = modulesOf(ports).map(({ name, text }) => ({ id: name, raw: text }));
      return exchange.send(JSON.stringify({ result }), isAsked(exchange.query, 'pretty'));
    },
  });
  addRoute(app, ports, {
    method: 'GET',
    url: `${PREFIX}/*`,
    handler: 'v1/policies',
    answer: (exchange) => {
      const id = idOf(exchange.path);
      const found = modulesOf(ports).find(({ name }) => name === id);
      if (found === undefined) {
        throw new ServeFault(404, 'resource_not_found', `there is no policy ${JSON.stringify(id)}`);
      }
      const result = { id: found.name, raw: found.text };
      return exchange.send(JSON.stringify({ result }), isAsked(exchange.query, 'pretty'));
    },
  });
  addRoute(app, ports, {
    method: ['PUT', 'DELETE'],
    url: `${PREFIX}/*`,
    handler: 'v1/policies',
    answer: () => {
      const message = 'policies are read from files; change these, and they are read anew';
      throw new ServeFault(405, 'invalid_operation', message);
    },
  });
  addRoute(app, ports, {
    method: 'GET',
    url: '/v1/status',
    handler: 'v1/status',
    answer: (exchange) => {
      const text = JSON.stringify({ result: { policies: ports.policies.status } });
      return exchange.send(text, isAsked(exchange.query, 'pretty'));
    },
  });
}

function modulesOf({ policies }: ServePorts) {
  return policies.policySet.modules.modules.map(({ source }) => source);
}

function idOf(url: string): string {
  const { path } = splitUrl(url);
  try {
    return decodeURIComponent(path.slice(PREFIX.length + 1));
  } catch {
    throw new ServeFault(400, 'invalid_parameter', 'the path is not percent-encoded UTF-8');
  }
}
