/**
 * Before and after a sign-in: with which providers people sign in, and who the bearer of a token is.
 */
import type { FastifyInstance } from 'fastify';
import { type Static, Type } from 'typebox';
import type { IdentityInput } from '../../../engine/contract/input.ts';
import { credentialIdsOf } from '../../identity/claims.ts';
import { isLoginRoot } from '../../identity/person-session.ts';
import { admit } from '../access.ts';
import type { ApiPorts } from '../ports.ts';

const OptionSchema = Type.Object({
  kind: Type.Union([Type.Literal('oidc'), Type.Literal('saml')]),
  name: Type.String(),
  issuer: Type.String(),
  client_id: Type.Optional(Type.String()),
  scopes: Type.Optional(Type.Array(Type.String())),
  redirect_port: Type.Optional(Type.Integer()),
});

const PartySchema = Type.Object({
  subject: Type.String(),
  name: Type.String(),
  kind: Type.String(),
  email: Type.Optional(Type.String()),
  issuer: Type.String(),
  groups: Type.Array(Type.String()),
});

const WhoamiSchema = Type.Object({
  identity: PartySchema,
  on_behalf_of: Type.Optional(PartySchema),
  actors: Type.Array(Type.String(), { description: 'The chain, from who signs in to the person.' }),
  mfa: Type.Boolean(),
  credential: Type.Object({
    id: Type.String(),
    type: Type.String(),
    bound: Type.Boolean(),
    issued_at: Type.String(),
    expires_at: Type.String(),
    session: Type.Optional(Type.String({ description: 'The sign-in it belongs to.' })),
  }),
});

/** An identity as the API tells it to its owner. */
export type WhoamiMessage = Static<typeof WhoamiSchema>;

export function registerLoginRoutes(app: FastifyInstance, ports: ApiPorts): void {
  app.get(
    '/v1/login',
    {
      schema: {
        summary: 'With which providers people sign in; asked before anybody has',
        response: {
          200: Type.Object({ providers: Type.Array(OptionSchema) }),
          '4XX': { $ref: 'Problem#' },
        },
      },
    },
    () => ({ providers: ports.signIn.offer }),
  );
  app.get(
    '/v1/whoami',
    {
      schema: {
        summary: 'Who you are, for whom you act, and until when',
        security: [{ bearer: [] }],
        response: { 200: WhoamiSchema, '4XX': { $ref: 'Problem#' } },
      },
    },
    async (request) => toMessage(await admit(request, ports)),
  );
}

function toMessage(identity: IdentityInput): WhoamiMessage {
  const { credential, on_behalf_of: person } = identity;
  const session = credentialIdsOf(identity).find(isLoginRoot);
  return {
    identity: describe(identity),
    ...(person === undefined ? {} : { on_behalf_of: describe(person) }),
    actors: [...identity.actors],
    mfa: identity.mfa,
    credential: { ...credential, ...(session === undefined ? {} : { session }) },
  };
}

function describe({
  subject,
  name,
  kind,
  email,
  issuer,
  groups,
}: Omit<IdentityInput, 'on_behalf_of'>): Static<typeof PartySchema> {
  return {
    subject,
    name,
    kind,
    ...(email === undefined ? {} : { email }),
    issuer,
    groups: [...groups],
  };
}
