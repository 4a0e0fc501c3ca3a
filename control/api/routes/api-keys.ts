/**
 * Keys of machines: made, listed and revoked by admins. A key is told once, when it is made.
 */
import type { FastifyInstance } from 'fastify';
import { type Static, Type } from 'typebox';
import { isRefusal } from '../../../proxy/gate/refusal.ts';
import { type ApiKeyFacts, MAX_KEY_LIFETIME_MS } from '../../identity/api-keys.ts';
import { KEY_PROTOCOLS } from '../../identity/ports.ts';
import { admit } from '../access.ts';
import type { ApiPorts } from '../ports.ts';
import { problemOf } from '../problem.ts';

const BodySchema = Type.Object(
  {
    subject: Type.String({ minLength: 1, maxLength: 255 }),
    note: Type.Optional(Type.String({ maxLength: 256 })),
    resources: Type.Array(Type.String({ minLength: 1, maxLength: 63 }), { maxItems: 256 }),
    protocols: Type.Array(Type.Enum([...KEY_PROTOCOLS]), { minItems: 1, maxItems: 8 }),
    lifetime_seconds: Type.Integer({ minimum: 1, maximum: MAX_KEY_LIFETIME_MS / 1000 }),
  },
  { additionalProperties: false },
);

const facts = {
  id: Type.String(),
  prefix: Type.String({ description: 'The beginning of the key.' }),
  subject: Type.String(),
  note: Type.String(),
  resources: Type.Array(Type.String()),
  protocols: Type.Array(Type.String()),
  created_by: Type.String(),
  created_at: Type.String(),
  expires_at: Type.String(),
  last_used_at: Type.Optional(Type.String({ description: 'To the minute.' })),
  revoked_at: Type.Optional(Type.String()),
};
const KeySchema = Type.Object(facts);

/** A key as the API tells it. */
export type ApiKeyMessage = Static<typeof KeySchema>;

export function registerApiKeyRoutes(app: FastifyInstance, ports: ApiPorts): void {
  const { apiKeys } = ports;
  const security = [{ bearer: [] }];
  const problems = { '4XX': { $ref: 'Problem#' }, '5XX': { $ref: 'Problem#' } };

  app.get(
    '/v1/api-keys',
    {
      schema: {
        summary: 'All keys, newest first, ended ones included; for admins',
        security,
        response: { 200: Type.Object({ keys: Type.Array(KeySchema) }), ...problems },
      },
    },
    async (request) => {
      await admit(request, ports);
      return { keys: (await apiKeys.list()).map(toMessage) };
    },
  );
  app.post<{ Body: Static<typeof BodySchema> }>(
    '/v1/api-keys',
    {
      schema: {
        summary: 'Make a key for a service; for admins',
        security,
        body: BodySchema,
        response: {
          200: Type.Object({ key: Type.String({ description: 'Told this once.' }), ...facts }),
          ...problems,
        },
      },
    },
    async (request) => {
      const caller = await admit(request, ports);
      const { lifetime_seconds: seconds, note = '', ...asked } = request.body;
      const made = await apiKeys.create(
        { ...asked, note, lifetimeMs: seconds * 1000 },
        caller.subject,
      );
      if (isRefusal(made)) throw problemOf(made);
      return { key: made.key, ...toMessage(made.facts) };
    },
  );
  app.post<{ Params: { id: string } }>(
    '/v1/api-keys/:id/revoke',
    {
      schema: {
        summary: 'Revoke a key and end its sessions; for admins',
        security,
        response: { 200: KeySchema, ...problems },
      },
    },
    async (request) => {
      const caller = await admit(request, ports);
      const revoked = await apiKeys.revoke(request.params.id, caller.subject);
      if (isRefusal(revoked)) throw problemOf(revoked);
      return toMessage(revoked);
    },
  );
}

function toMessage(key: ApiKeyFacts): ApiKeyMessage {
  const { lastUsedAtMs, revokedAtMs } = key;
  const text = (ms: number): string => new Date(ms).toISOString();
  return {
    id: key.id,
    prefix: key.prefix,
    subject: key.subject,
    note: key.note,
    resources: [...key.resources],
    protocols: [...key.protocols],
    created_by: key.createdBy,
    created_at: text(key.createdAtMs),
    expires_at: text(key.expiresAtMs),
    ...(lastUsedAtMs === undefined ? {} : { last_used_at: text(lastUsedAtMs) }),
    ...(revokedAtMs === undefined ? {} : { revoked_at: text(revokedAtMs) }),
  };
}
