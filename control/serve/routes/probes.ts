/** `GET /health`, `GET /health/NAME`, `GET /metrics`. Probes carry no token: they tell nothing but whether decisions are made. */
import type { FastifyInstance } from 'fastify';
import { fromPlain } from '../../../engine/value/plain.ts';
import { evaluateDocument } from '../answer-document.ts';
import { addRoute } from '../exchange.ts';
import { ServeFault } from '../fault.ts';
import { documentName, isAsked, readDocumentPath } from '../parameters.ts';
import { contextOf, type ServePorts } from '../ports.ts';

const HEALTH = '/health';

export function registerProbeRoutes(app: FastifyInstance, ports: ServePorts): void {
  addRoute(app, ports, {
    method: 'GET',
    url: HEALTH,
    handler: 'health',
    answer: (exchange) => {
      const { error } = ports.policies.status;
      // A set decides from the start on; `plugins` asks whether it is the one on disk.
      if (error === undefined || !isAsked(exchange.query, 'plugins')) return exchange.send('{}');
      const text = JSON.stringify({ error: 'the policies on disk cannot be used' });
      return exchange.send(text, false, 500);
    },
  });
  addRoute(app, ports, {
    method: 'GET',
    url: `${HEALTH}/*`,
    handler: 'health',
    answer: (exchange) => {
      const error = unhealthy(ports, exchange.path);
      if (error === undefined) return exchange.send('{}');
      return exchange.send(JSON.stringify({ error }), false, 500);
    },
  });
  addRoute(app, ports, {
    method: 'GET',
    url: '/metrics',
    handler: 'metrics',
    answer: async (exchange) => {
      const { type, body } = await ports.metrics.render();
      return exchange.reply.type(type).send(body);
    },
  });
}

/** Why the policy `system.health` of the operator says that this server is not well; undefined when it is. */
function unhealthy(ports: ServePorts, url: string): string | undefined {
  const isOnDisk = ports.policies.status.error === undefined;
  const input = fromPlain({
    plugin_state: { policies: isOnDisk ? 'OK' : 'ERROR' },
    plugins_ready: true,
  });
  try {
    const path = ['system', 'health', ...readDocumentPath(url, HEALTH)];
    const value = evaluateDocument(contextOf(ports), { path, input }, false);
    if (value === true) return undefined;
    const fault = value === undefined ? 'was undefined' : 'returned unexpected value';
    return `health check (${documentName(path)}) ${fault}`;
  } catch (cause) {
    if (cause instanceof ServeFault) return cause.message;
    throw cause;
  }
}
