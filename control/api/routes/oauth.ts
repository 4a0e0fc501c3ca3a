/**
 * The token endpoint, form-encoded, with the errors of RFC 6749 section 5.2: RFC 8693 token exchange, and the one-time code that a
 * SAML sign-in ends with. Who may have what is decided in identity/.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type Static, Type } from 'typebox';
import { isRefusal, type Refusal } from '../../../proxy/gate/refusal.ts';
import type { ApiPorts, SignInPorts } from '../ports.ts';

const EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
const CODE = 'authorization_code';
const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token';
const JWT = 'urn:ietf:params:oauth:token-type:jwt';
const ID_TOKEN = 'urn:ietf:params:oauth:token-type:id_token';
const MAX_TOKEN = 16_384;

const token = (description: string) => Type.String({ description, maxLength: MAX_TOKEN });

const FormSchema = Type.Object(
  {
    grant_type: Type.String({ maxLength: 128, description: `\`${EXCHANGE}\` or \`${CODE}\`.` }),
    subject_token: Type.Optional(token("The person's token.")),
    subject_token_type: Type.Optional(Type.String({ maxLength: 128 })),
    actor_token: Type.Optional(token("The agent's own token; left out by a person who signs in.")),
    actor_token_type: Type.Optional(Type.String({ maxLength: 128 })),
    requested_token_type: Type.Optional(Type.Literal(ACCESS_TOKEN)),
    session_token: Type.Optional(token('The session that a person renews with a new ID token.')),
    code: Type.Optional(Type.String({ maxLength: 128, description: 'Of a SAML sign-in.' })),
    code_verifier: Type.Optional(Type.String({ minLength: 43, maxLength: 128 })),
    redirect_uri: Type.Optional(Type.String({ maxLength: 256 })),
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
  app.post<{ Body: Form }>(
    '/oauth/token',
    {
      schema: {
        summary: 'Exchange tokens (RFC 8693), or the code of a SAML sign-in',
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
      const issued = request.validationError ?? (await issue(request, ports));
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

type Issued = OauthError | Awaited<ReturnType<ApiPorts['exchange']['delegate']>>;

async function issue(
  request: FastifyRequest<{ Body: Form }>,
  { exchange, signIn }: ApiPorts,
): Promise<Issued> {
  const form = request.body;
  if (form.grant_type === CODE) return redeem(form, signIn.saml);
  if (form.grant_type !== EXCHANGE) return { error: 'unsupported_grant_type' };
  const { subject_token: subjectToken, actor_token: actorToken } = form;
  if (
    form.subject_token_type === ID_TOKEN &&
    actorToken === undefined &&
    subjectToken !== undefined
  )
    return signIn.people.byIdToken(subjectToken, form.session_token);
  const types = [form.subject_token_type, form.actor_token_type];
  if (
    subjectToken === undefined ||
    actorToken === undefined ||
    !types.every((type) => type === ACCESS_TOKEN || type === JWT)
  )
    return invalid('an agent brings `actor_token` and `subject_token`, a person an ID token');
  const { dpop: proof } = request.headers;
  const base = signIn.url ?? `${request.protocol}://${request.host}`;
  return exchange.delegate({
    subjectToken,
    actorToken,
    ...(typeof proof !== 'string'
      ? {}
      : { proof: { dpop: { proof, method: 'POST', url: `${base}/oauth/token` } } }),
  });
}

function redeem(form: Form, saml: SignInPorts['saml']): Issued {
  const { code, code_verifier: verifier, redirect_uri: redirectUri } = form;
  if (saml === undefined) return { error: 'unsupported_grant_type' };
  if (code === undefined || verifier === undefined || redirectUri === undefined)
    return invalid('a code comes with `code_verifier` and `redirect_uri`');
  return saml.redeem({ code, verifier, redirectUri });
}

function invalid(description: string): OauthError {
  return { error: 'invalid_request', error_description: description };
}

function errorOf({ kind, code, message, hint }: Refusal): OauthError {
  return {
    error: kind === 'unavailable' ? 'temporarily_unavailable' : 'invalid_grant',
    error_description: hint === undefined ? message : `${message}; ${hint}`,
    code,
  };
}
