/**
 * Sealed secrets of the store: set, listed, removed and sealed anew by admins. No answer holds a value.
 */
import type { FastifyInstance } from 'fastify';
import { type Static, Type } from 'typebox';
import { isRefusal } from '../../../proxy/gate/refusal.ts';
import { MAX_SECRET_LENGTH, type SecretFacts } from '../../credentials/sealed-secrets.ts';
import { admit } from '../access.ts';
import type { ApiPorts } from '../ports.ts';
import { problemOf } from '../problem.ts';

const ParamsSchema = Type.Object({ name: Type.String({ minLength: 1, maxLength: 63 }) });
const BodySchema = Type.Object(
  { value: Type.String({ minLength: 1, maxLength: MAX_SECRET_LENGTH }) },
  { additionalProperties: false },
);
const SecretSchema = Type.Object({
  name: Type.String(),
  version: Type.Integer(),
  key: Type.String({ description: 'Which key seals it.' }),
  changed_by: Type.String(),
  changed_at: Type.String(),
});

/** A sealed secret as the API tells it. */
export type SecretMessage = Static<typeof SecretSchema>;

export function registerSecretRoutes(app: FastifyInstance, ports: ApiPorts): void {
  const { secrets } = ports;
  const security = [{ bearer: [] }];
  const problems = { '4XX': { $ref: 'Problem#' }, '5XX': { $ref: 'Problem#' } };

  app.get(
    '/v1/secrets',
    {
      schema: {
        summary: 'Names of the sealed secrets; for admins',
        security,
        response: { 200: Type.Object({ secrets: Type.Array(SecretSchema) }), ...problems },
      },
    },
    async (request) => {
      await admit(request, ports);
      return { secrets: (await secrets.list()).map(toMessage) };
    },
  );
  app.post<{ Params: Static<typeof ParamsSchema>; Body: Static<typeof BodySchema> }>(
    '/v1/secrets/:name',
    {
      schema: {
        summary: 'Set or replace a sealed secret; for admins',
        security,
        params: ParamsSchema,
        body: BodySchema,
        response: { 200: SecretSchema, ...problems },
      },
    },
    async (request) => {
      const caller = await admit(request, ports);
      const set = await secrets.set(request.params.name, request.body.value, caller.subject);
      if (isRefusal(set)) throw problemOf(set);
      return toMessage(set);
    },
  );
  app.post<{ Params: Static<typeof ParamsSchema> }>(
    '/v1/secrets/:name/remove',
    {
      schema: {
        summary: 'Remove a sealed secret; for admins',
        security,
        params: ParamsSchema,
        response: { 200: Type.Object({ removed: Type.String() }), ...problems },
      },
    },
    async (request) => {
      const caller = await admit(request, ports);
      const refused = await secrets.remove(request.params.name, caller.subject);
      if (refused !== undefined) throw problemOf(refused);
      return { removed: request.params.name };
    },
  );
  app.post(
    '/v1/secret-keys/rotate',
    {
      schema: {
        summary: 'Seal all secrets anew under another key; for admins',
        security,
        response: {
          200: Type.Object({ key: Type.String(), resealed: Type.Integer() }),
          ...problems,
        },
      },
    },
    async (request) => {
      const caller = await admit(request, ports);
      const done = await secrets.rekey(caller.subject);
      if (isRefusal(done)) throw problemOf(done);
      return { key: done.keyId, resealed: done.resealed };
    },
  );
}

function toMessage({ name, version, keyId, changedBy, changedAtMs }: SecretFacts): SecretMessage {
  return {
    name,
    version,
    key: keyId,
    changed_by: changedBy,
    changed_at: new Date(changedAtMs).toISOString(),
  };
}
