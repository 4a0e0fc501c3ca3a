/**
 * Revoking tokens: one's own, any one holds, or any at all for an admin who names its id. Sessions opened with it end.
 */
import type { FastifyInstance } from 'fastify';
import { type Static, Type } from 'typebox';
import { isRefusal } from '../../../proxy/gate/refusal.ts';
import { credentialIdsOf } from '../../identity/claims.ts';
import { isLoginRoot } from '../../identity/person-session.ts';
import { admit, isAllowed } from '../access.ts';
import type { ApiPorts } from '../ports.ts';
import { ApiProblem, problemOf } from '../problem.ts';

const BodySchema = Type.Object(
  {
    token: Type.Optional(
      Type.String({ maxLength: 8192, description: 'A token you hold; your own when left out.' }),
    ),
    id: Type.Optional(Type.String({ maxLength: 128, description: 'Its id; for admins.' })),
  },
  { additionalProperties: false },
);

export function registerTokenRoutes(app: FastifyInstance, ports: ApiPorts): void {
  app.post<{ Body: Static<typeof BodySchema> }>(
    '/v1/token/revoke',
    {
      schema: {
        summary: 'Revoke a token and end its sessions',
        security: [{ bearer: [] }],
        body: BodySchema,
        response: {
          200: Type.Object({ revoked: Type.String({ description: 'Id of the token.' }) }),
          '4XX': { $ref: 'Problem#' },
        },
      },
    },
    async (request) => {
      const caller = await admit(request, ports);
      const { token, id } = request.body;
      if (id !== undefined) {
        if (!isAllowed(request, ports, caller, 'tokens.revoke-any'))
          throw new ApiProblem(
            403,
            'api/forbidden',
            'only an admin revokes a token by its id',
            'the policy package sallyport.api decides who may',
          );
        await ports.revokeToken({ id, expiresAt: undefined }, caller);
        return { revoked: id };
      }
      const held =
        token === undefined ? caller : await ports.identities.identify({ kind: 'bearer', token });
      if (isRefusal(held)) throw problemOf(held);
      const { credential } = held;
      // A person's sign-in ends whole, whichever of its tokens is shown; an agent's token is not the person's.
      const ids = held.on_behalf_of === undefined ? credentialIdsOf(held) : [];
      for (const id of [credential.id, ...ids.filter(isLoginRoot)])
        await ports.revokeToken({ id, expiresAt: credential.expires_at }, caller);
      return { revoked: credential.id };
    },
  );
}
