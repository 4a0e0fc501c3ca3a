/**
 * Tokens for one connection: `sallyport connect` takes one as the password of the program it starts, and ends it when that is done.
 */
import type { FastifyInstance } from 'fastify';
import { type Static, Type } from 'typebox';
import { isRefusal } from '../../../proxy/gate/refusal.ts';
import { bearerOf } from '../access.ts';
import type { ApiPorts } from '../ports.ts';
import { ApiProblem, problemOf } from '../problem.ts';

const MIN_LIFETIME_SECONDS = 10;
const MAX_LIFETIME_SECONDS = 86_400;

const BodySchema = Type.Object(
  {
    resource: Type.String({ minLength: 1, maxLength: 63 }),
    lifetime_seconds: Type.Optional(
      Type.Integer({ minimum: MIN_LIFETIME_SECONDS, maximum: MAX_LIFETIME_SECONDS }),
    ),
  },
  { additionalProperties: false },
);

const ConnectionSchema = Type.Object({
  id: Type.String(),
  token: Type.String({
    description: 'The password or bearer for this resource, and for nothing else.',
  }),
  expires_at: Type.String(),
  subject: Type.String(),
  resource: Type.String(),
  protocol: Type.String(),
  listener: Type.Object({
    host: Type.String(),
    port: Type.Integer(),
    tls: Type.Boolean(),
  }),
});

/** A connection as the API tells it. */
export type ConnectionMessage = Static<typeof ConnectionSchema>;

export function registerConnectionRoutes(app: FastifyInstance, ports: ApiPorts): void {
  const { connections } = ports;
  const security = [{ bearer: [] }];
  const problems = { '4XX': { $ref: 'Problem#' }, '5XX': { $ref: 'Problem#' } };

  app.post<{ Body: Static<typeof BodySchema> }>(
    '/v1/connections',
    {
      schema: {
        summary: 'A short token for one resource',
        security,
        body: BodySchema,
        response: { 200: ConnectionSchema, ...problems },
      },
    },
    async (request): Promise<ConnectionMessage> => {
      const { resource, lifetime_seconds: seconds } = request.body;
      const opened = await connections.open(
        { kind: 'bearer', token: bearerOf(request) },
        { resource, lifetimeMs: seconds === undefined ? undefined : seconds * 1000 },
      );
      if (isRefusal(opened)) throw problemOf(opened);
      const { id, token, expiresAtMs, protocol, subject } = opened;
      const listener = protocol === 'api' ? undefined : ports.listener(protocol);
      if (listener === undefined) {
        await connections.end(token);
        throw new ApiProblem(
          409,
          'resource/not-served',
          `this gateway does not listen for ${protocol}`,
        );
      }
      const expiresAt = new Date(expiresAtMs).toISOString();
      return { id, token, expires_at: expiresAt, subject, resource, protocol, listener };
    },
  );
  app.post(
    '/v1/connections/end',
    {
      schema: {
        summary: 'End the connection token that this request comes with, and its sessions',
        security,
        response: {
          200: Type.Object({ ended: Type.String({ description: 'Id of the token.' }) }),
          ...problems,
        },
      },
    },
    async (request) => {
      const ended = await connections.end(bearerOf(request));
      if (isRefusal(ended)) throw problemOf(ended);
      return { ended };
    },
  );
}
