/**
 * What machines ask: is it healthy, is it ready, what does it count. No token is needed; nothing personal is answered.
 */
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import type { ApiPorts } from '../ports.ts';

const HealthSchema = Type.Object({
  healthy: Type.Boolean(),
  checks: Type.Object({
    journal: Type.String(),
    store: Type.String(),
    policy: Type.String(),
    issuers: Type.String(),
    credentials: Type.String(),
  }),
});

export function registerProbeRoutes(app: FastifyInstance, ports: ApiPorts): void {
  app.get(
    '/healthz',
    {
      schema: {
        summary: 'Whether journal and store can be written and a policy is loaded',
        response: { 200: HealthSchema, 503: HealthSchema },
      },
    },
    async (_request, reply) => {
      const report = await ports.health();
      return reply.code(report.healthy ? 200 : 503).send(report);
    },
  );

  app.get(
    '/readyz',
    {
      schema: {
        summary: 'Whether connections are accepted',
        response: {
          200: Type.Object({ ready: Type.Boolean() }),
          503: Type.Object({ ready: Type.Boolean() }),
        },
      },
    },
    (_request, reply) => {
      const ready = ports.isReady();
      return reply.code(ready ? 200 : 503).send({ ready });
    },
  );

  app.get(
    '/metrics',
    {
      schema: {
        summary: 'Counts, in the text format of Prometheus',
        response: { 200: Type.String() },
      },
    },
    async (_request, reply) => {
      const { type, body } = await ports.metrics();
      return reply.type(type).serializer(String).send(body);
    },
  );
}
