/**
 * The token endpoint: RFC 8693 token exchange, form-encoded, with the errors of RFC 6749 section 5.2. Who may have what is decided
 * in identity/exchange.ts.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type Static, Type } from 'typebox';
import { isRefusal, type Refusal } from '../../../proxy/gate/refusal.ts';
import type { ApiPorts } from '../ports.ts';

const GRANT = 'urn:ietf:params:oauth:grant-type:token-exchange';
const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token';
const JWT = 'urn:ietf:params:oauth:token-type:jwt';
const ID_TOKEN = 'urn:ietf:params:oauth:token-type:id_token';
const MAX_TOKEN = 16_384;
const MAX_PARAMETERS = 16;

const token = (description: string) => Type.String({ description, maxLength: MAX_TOKEN });

const FormSchema = Type.Object(
  {
    grant_type: Type.String({ maxLength: 128, description: `\`${GRANT}\`.` }),
    subject_token: token("The person's token."),
    subject_token_type: Type.String({ maxLength: 128 }),
    actor_token: Type.Optional(token("The agent's own token; left out by a person who signs in.")),
    actor_token_type: Type.Optional(Type.String({ maxLength: 128 })),
    requested_token_type: Type.Optional(Type.Literal(ACCESS_TOKEN)),
  },
  { additionalProperties: false },
);

const ErrorSchema = Type.Object({
  error: Type.String(),
  error_description: Type.Optional(Type.String()),
  code: Type.Optional(Type.String()),
});

type Form = Static<typeof FormSchema>;
type OauthError = Static<typeof ErrorSchema>;

export function registerOauthRoutes(app: FastifyInstance, ports: ApiPorts): void {
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    (_request, body, done) => {
      const pairs = [...new URLSearchParams(String(body))];
      const names = new Set(pairs.map(([name]) => name));
      // A parameter that comes twice could be read as either (RFC 6749 section 3.2).
      if (names.size === pairs.length && pairs.length <= MAX_PARAMETERS)
        done(null, Object.fromEntries(pairs));
      else done(Object.assign(new Error('a parameter comes twice'), { statusCode: 400 }));
    },
  );
  app.post<{ Body: Form }>(
    '/oauth/token',
    {
      schema: {
        summary: 'Exchange tokens (RFC 8693)',
        consumes: ['application/x-www-form-urlencoded'],
        body: FormSchema,
        response: {
          200: Type.Object({
            access_token: Type.String(),
            issued_token_type: Type.String(),
            token_type: Type.String(),
            expires_in: Type.Integer(),
          }),
          400: ErrorSchema,
          503: ErrorSchema,
        },
      },
      attachValidation: true,
    },
    async (request, reply) => {
      const issued = request.validationError ?? (await exchange(request, ports));
      if (issued instanceof Error)
        return reply
          .code(400)
          .send({ error: 'invalid_request', error_description: issued.message });
      if ('error' in issued) return reply.code(400).send(issued);
      if (isRefusal(issued))
        return reply.code(issued.kind === 'unavailable' ? 503 : 400).send(errorOf(issued));
      reply.header('pragma', 'no-cache');
      return {
        access_token: issued.token,
        issued_token_type: ACCESS_TOKEN,
        token_type: request.headers['dpop'] === undefined ? 'Bearer' : 'DPoP',
        expires_in: Math.max(0, Math.floor((issued.expiresAtMs - ports.nowMs()) / 1000)),
      };
    },
  );
}

async function exchange(
  request: FastifyRequest<{ Body: Form }>,
  { exchange }: ApiPorts,
): Promise<OauthError | Awaited<ReturnType<ApiPorts['exchange']['delegate']>>> {
  const form = request.body;
  if (form.grant_type !== GRANT) return { error: 'unsupported_grant_type' };
  if (form.subject_token_type === ID_TOKEN && form.actor_token === undefined)
    return exchange.signIn(form.subject_token);
  const types = [form.subject_token_type, form.actor_token_type];
  if (
    form.actor_token === undefined ||
    !types.every((type) => type === ACCESS_TOKEN || type === JWT)
  )
    return {
      error: 'invalid_request',
      error_description: 'an agent brings `actor_token` and `subject_token`, a person an ID token',
    };
  const { dpop } = request.headers;
  return exchange.delegate({
    subjectToken: form.subject_token,
    actorToken: form.actor_token,
    ...(typeof dpop !== 'string'
      ? {}
      : {
          proof: {
            dpop: { proof: dpop, method: 'POST', url: `http://${request.host}/oauth/token` },
          },
        }),
  });
}

function errorOf({ kind, code, message, hint }: Refusal): OauthError {
  return {
    error: kind === 'unavailable' ? 'temporarily_unavailable' : 'invalid_grant',
    error_description: hint === undefined ? message : `${message}; ${hint}`,
    code,
  };
}
