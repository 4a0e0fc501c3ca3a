/**
 * Consents: a person lets an agent act for them, sees what does, and ends it. Rules are in identity/consents.ts.
 */
import type { FastifyInstance } from 'fastify';
import { type Static, Type } from 'typebox';
import { isRefusal, type Refusal } from '../../../proxy/gate/refusal.ts';
import type { Consent } from '../../identity/ports.ts';
import { admit, isAllowed } from '../access.ts';
import type { ApiPorts } from '../ports.ts';
import { problemOf } from '../problem.ts';

const MAX_LIFETIME_SECONDS = 366 * 86_400;

const BodySchema = Type.Object(
  {
    agent: Type.String({ minLength: 1, maxLength: 255 }),
    lifetime_seconds: Type.Integer({ minimum: 1, maximum: MAX_LIFETIME_SECONDS }),
    resources: Type.Optional(
      Type.Array(Type.String({ maxLength: 63 }), {
        description: 'All that the agent may reach when left out.',
        minItems: 1,
        maxItems: 256,
      }),
    ),
  },
  { additionalProperties: false },
);

const ConsentSchema = Type.Object({
  id: Type.String(),
  subject: Type.String(),
  agent: Type.String(),
  purpose: Type.String(),
  resources: Type.Optional(Type.Array(Type.String())),
  granted_at: Type.String(),
  expires_at: Type.String(),
  revoked_at: Type.Optional(Type.String()),
});

/** A consent as the API tells it. */
export type ConsentMessage = Static<typeof ConsentSchema>;

export function registerConsentRoutes(app: FastifyInstance, ports: ApiPorts): void {
  const { consents } = ports;
  const security = [{ bearer: [] }];
  const problems = { '4XX': { $ref: 'Problem#' } };

  app.get(
    '/v1/consents',
    {
      schema: {
        summary: 'Consents you have given; for admins those of everybody',
        security,
        response: { 200: Type.Object({ consents: Type.Array(ConsentSchema) }), ...problems },
      },
    },
    async (request) => {
      const caller = await admit(request, ports);
      const all = await consents.list(
        caller,
        isAllowed(request, ports, caller, 'consents.list-all'),
      );
      return { consents: all.map(toMessage) };
    },
  );
  app.post<{ Body: Static<typeof BodySchema> }>(
    '/v1/consents',
    {
      schema: {
        summary: 'Let an agent act for you',
        security,
        body: BodySchema,
        response: { 200: ConsentSchema, ...problems },
      },
    },
    async (request) => {
      const caller = await admit(request, ports);
      const { agent, lifetime_seconds, resources } = request.body;
      return answer(
        await consents.grant(caller, { agent, lifetimeMs: lifetime_seconds * 1000, resources }),
      );
    },
  );
  app.post<{ Params: { id: string } }>(
    '/v1/consents/:id/revoke',
    {
      schema: {
        summary: 'End a consent, and the sessions that live by it',
        security,
        response: { 200: ConsentSchema, ...problems },
      },
    },
    async (request) => {
      const caller = await admit(request, ports);
      return answer(
        await consents.revoke(
          request.params.id,
          caller,
          isAllowed(request, ports, caller, 'consents.end-any'),
        ),
      );
    },
  );
}

function answer(outcome: Consent | Refusal): ConsentMessage {
  if (isRefusal(outcome)) throw problemOf(outcome);
  return toMessage(outcome);
}

function toMessage(consent: Consent): ConsentMessage {
  const { id, subject, agent, purpose, resources, revokedAtMs } = consent;
  return {
    id,
    subject,
    agent,
    purpose,
    ...(resources === undefined ? {} : { resources: [...resources] }),
    granted_at: new Date(consent.grantedAtMs).toISOString(),
    expires_at: new Date(consent.expiresAtMs).toISOString(),
    ...(revokedAtMs === undefined ? {} : { revoked_at: new Date(revokedAtMs).toISOString() }),
  };
}
