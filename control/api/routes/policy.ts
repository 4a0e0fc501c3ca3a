/**
 * Which policy set decides, and why a newer one does not. For every signed-in identity.
 */
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { admit } from '../access.ts';
import type { ApiPorts } from '../ports.ts';

const PolicySchema = Type.Object({
  revision: Type.String(),
  files: Type.Array(Type.String()),
  loaded_at: Type.String(),
  interpreted: Type.Array(
    Type.Object({
      code: Type.String(),
      policies: Type.Array(Type.String()),
      message: Type.String(),
    }),
  ),
  error: Type.Optional(
    Type.Object({
      at: Type.String(),
      message: Type.String(),
      diagnostics: Type.Array(Type.String()),
    }),
  ),
});

export function registerPolicyRoutes(app: FastifyInstance, ports: ApiPorts): void {
  app.get(
    '/v1/policy',
    {
      schema: {
        summary: 'The policy set that decides, and the last fault of a reload',
        security: [{ bearer: [] }],
        response: { 200: PolicySchema, '4XX': { $ref: 'Problem#' } },
      },
    },
    async (request) => {
      await admit(request, ports);
      return ports.policy();
    },
  );
}
