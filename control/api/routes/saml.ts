/**
 * The addresses of a SAML sign-in that a browser visits: where it begins, where the provider's answer arrives, and the metadata for
 * the provider. What is refused and what is given is decided in identity/saml/.
 */
import type { FastifyInstance } from 'fastify';
import { type Static, Type } from 'typebox';
import { isRefusal } from '../../../proxy/gate/refusal.ts';
import { MAX_RESPONSE_LENGTH } from '../../identity/saml/response-text.ts';
import type { ApiPorts } from '../ports.ts';
import { ApiProblem, problemOf } from '../problem.ts';

/** Bytes of a posted answer; what form encoding adds to the longest response is included. */
const MAX_BODY_BYTES = 2 * MAX_RESPONSE_LENGTH;

const ParamsSchema = Type.Object({ name: Type.String({ maxLength: 63 }) });
const QuerySchema = Type.Object(
  {
    redirect_uri: Type.String({ maxLength: 64 }),
    state: Type.String({ maxLength: 128 }),
    code_challenge: Type.String({ maxLength: 43 }),
    code_challenge_method: Type.Literal('S256'),
  },
  { additionalProperties: false },
);
const AnswerSchema = Type.Object({
  SAMLResponse: Type.String({ maxLength: MAX_RESPONSE_LENGTH }),
  RelayState: Type.String({ maxLength: 80 }),
});

type Params = Static<typeof ParamsSchema>;

export function registerSamlRoutes(app: FastifyInstance, { signIn: { saml } }: ApiPorts): void {
  if (saml === undefined) return;
  app.get<{ Params: Params }>(
    '/saml/:name/metadata',
    { schema: { summary: 'SAML metadata of this gateway', params: ParamsSchema } },
    (request, reply) => {
      const metadata = saml.metadata(request.params.name);
      if (metadata === undefined)
        throw new ApiProblem(404, 'login/unknown-provider', 'there is no such provider');
      return reply.type('application/samlmetadata+xml').send(metadata);
    },
  );
  app.get<{ Params: Params; Querystring: Static<typeof QuerySchema> }>(
    '/saml/:name/login',
    {
      schema: {
        summary: 'Begin a SAML sign-in, in a browser, for a program on the same machine',
        params: ParamsSchema,
        querystring: QuerySchema,
      },
    },
    async (request, reply) => {
      const { redirect_uri: redirectUri, state, code_challenge: challenge } = request.query;
      const address = await saml.begin(request.params.name, { redirectUri, state, challenge });
      if (isRefusal(address)) throw problemOf(address);
      return reply.redirect(address, 302);
    },
  );
  app.post<{ Params: Params; Body: Static<typeof AnswerSchema> }>(
    '/saml/:name/acs',
    {
      bodyLimit: MAX_BODY_BYTES,
      schema: {
        summary: 'Where a SAML provider sends its answer',
        consumes: ['application/x-www-form-urlencoded'],
        params: ParamsSchema,
        body: AnswerSchema,
      },
    },
    async (request, reply) => {
      const { RelayState: relayState, SAMLResponse: response } = request.body;
      const address = await saml.finish(request.params.name, relayState, response);
      if (isRefusal(address)) throw problemOf(address);
      return reply.redirect(address, 303);
    },
  );
}
