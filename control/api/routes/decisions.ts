/**
 * Decisions: the newest that were made, and what would be decided of an action nobody took. Nothing is done and nobody is asked.
 */
import type { FastifyInstance } from 'fastify';
import { type Static, Type } from 'typebox';
import { ControlError } from '../../error.ts';
import { admit } from '../access.ts';
import type { ApiPorts } from '../ports.ts';
import { ApiProblem } from '../problem.ts';

/** Decisions in one answer. */
const MAX_LISTED = 500;
/** Characters of the SQL text or body of an action that is tried. */
const MAX_ACTION = 65_536;

const name = (description: string) =>
  Type.Optional(Type.String({ minLength: 1, maxLength: 255, description }));
const QuerySchema = Type.Object(
  {
    session: name('Of this session.'),
    subject: name('By, or on behalf of, this subject.'),
    resource: name('On this resource.'),
    verdict: Type.Optional(Type.Enum(['allow', 'block', 'hold'])),
    // A query is text.
    limit: Type.Optional(Type.String({ pattern: '^[1-9]\\d{0,2}$' })),
  },
  { additionalProperties: false },
);
const DecisionSchema = Type.Object({
  at: Type.String(),
  session: Type.String(),
  action: Type.Integer({ description: 'Its number in the session.' }),
  verdict: Type.String(),
  subject: Type.String(),
  on_behalf_of: Type.Optional(Type.String()),
  actors: Type.Array(Type.String()),
  resource: Type.String(),
  kind: Type.String(),
  verb: Type.String(),
  class: Type.String(),
  text: Type.String({ description: 'What was sent, shortened; its record has all of it.' }),
  codes: Type.Array(Type.String()),
  masks: Type.Array(Type.String()),
  revision: Type.String(),
});
const TrySchema = Type.Object(
  {
    as: Type.String({ minLength: 1, maxLength: 255, description: 'Subject of who acts.' }),
    for: name('Whom an agent acts for.'),
    on: Type.String({ minLength: 1, maxLength: 63, description: 'Name of the resource.' }),
    sql: Type.Optional(Type.String({ maxLength: MAX_ACTION })),
    http: Type.Optional(
      Type.String({ maxLength: MAX_ACTION, description: 'Such as `GET /customers/1`.' }),
    ),
    body: Type.Optional(
      Type.String({ maxLength: MAX_ACTION, description: 'JSON, of an HTTP request.' }),
    ),
    explain: Type.Optional(
      Type.Boolean({
        description: 'Tell in `packages` which rules hold, and where each other fails.',
      }),
    ),
  },
  { additionalProperties: false },
);

const security = [{ bearer: [] }];
const errors = { '4XX': { $ref: 'Problem#' }, '5XX': { $ref: 'Problem#' } };

export function registerDecisionRoutes(app: FastifyInstance, ports: ApiPorts): void {
  app.get<{ Querystring: Static<typeof QuerySchema> }>(
    '/v1/decisions',
    {
      schema: {
        summary: 'The newest decisions, newest first; for auditors and admins',
        security,
        querystring: QuerySchema,
        response: { 200: Type.Object({ decisions: Type.Array(DecisionSchema) }), ...errors },
      },
    },
    async (request) => {
      await admit(request, ports);
      const { session, subject, resource, verdict, limit } = request.query;
      const most = Math.min(Number(limit ?? MAX_LISTED), MAX_LISTED);
      const decisions = [];
      for (const one of ports.decisions.list()) {
        const isAsked =
          (session === undefined || one.session === session) &&
          (subject === undefined || one.subject === subject || one.on_behalf_of === subject) &&
          (resource === undefined || one.resource === resource) &&
          (verdict === undefined || one.verdict === verdict);
        if (isAsked) decisions.push(one);
        if (decisions.length === most) break;
      }
      return { decisions };
    },
  );

  app.post<{ Body: Static<typeof TrySchema> }>(
    '/v1/decisions/try',
    {
      schema: {
        summary: 'What would be decided of an action; for auditors and admins',
        security,
        body: TrySchema,
        response: {
          200: Type.Object({
            decision: Type.Object({}, { additionalProperties: true }),
            packages: Type.Optional(Type.Array(Type.Object({}, { additionalProperties: true }))),
          }),
          ...errors,
        },
      },
    },
    async (request) => {
      await admit(request, ports);
      try {
        return await ports.tryDecision(request.body);
      } catch (error) {
        if (!(error instanceof ControlError)) throw error;
        throw new ApiProblem(400, error.code, error.message, error.hint);
      }
    },
  );
}
