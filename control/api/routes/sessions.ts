/**
 * Sessions and what happened in them, for those whose sessions they are, admins and auditors.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type Static, Type } from 'typebox';
import type { IdentityInput } from '../../../engine/contract/input.ts';
import type { SessionSummary } from '../../sessions/session-index.ts';
import { admit, isAllowed, sessionObject } from '../access.ts';
import type { ApiPorts } from '../ports.ts';
import { ApiProblem } from '../problem.ts';

/** Sessions in one list. */
const MAX_LISTED = 200;
/** Records of one session in one answer. */
const MAX_RECORDS = 5000;

const ParamsSchema = Type.Object({ id: Type.String({ minLength: 1, maxLength: 128 }) });
const SessionSchema = Type.Object(
  {
    id: Type.String(),
    subject: Type.String(),
    name: Type.String(),
    kind: Type.String(),
    actors: Type.Array(Type.String()),
    on_behalf_of: Type.Optional(Type.String()),
    resource: Type.String(),
    client: Type.Object({ ip: Type.String(), application: Type.String() }),
    started_at: Type.String(),
    ended_at: Type.Optional(Type.String()),
    cause: Type.Optional(Type.String()),
    actions: Type.Integer(),
    blocked: Type.Integer(),
    held: Type.Integer(),
    rows: Type.Integer(),
    masked: Type.Integer(),
  },
  { $id: 'Session' },
);
const EndSchema = Type.Object(
  {
    reason: Type.Optional(
      Type.String({ maxLength: 1000, description: 'Why; the record keeps it.' }),
    ),
  },
  { additionalProperties: false },
);
const errors = { '4XX': { $ref: 'Problem#' }, '5XX': { $ref: 'Problem#' } };
const security = [{ bearer: [] }];

export function registerSessionRoutes(app: FastifyInstance, ports: ApiPorts): void {
  app.addSchema(SessionSchema);

  app.get(
    '/v1/sessions',
    {
      schema: {
        summary: `The newest sessions you may see, at most ${MAX_LISTED}`,
        security,
        response: {
          200: Type.Object({ sessions: Type.Array(Type.Unsafe({ $ref: 'Session#' })) }),
          ...errors,
        },
      },
    },
    async (request) => {
      const viewer = await admit(request, ports);
      const sessions = ports.sessions
        .list()
        .filter((session) =>
          isAllowed(request, ports, viewer, 'sessions.read', sessionObject(session)),
        )
        .slice(0, MAX_LISTED);
      return { sessions };
    },
  );

  app.get<{ Params: Static<typeof ParamsSchema> }>(
    '/v1/sessions/:id',
    {
      schema: {
        summary: `One session with its records, at most ${MAX_RECORDS}`,
        security,
        params: ParamsSchema,
        response: {
          200: Type.Object({
            session: Type.Unsafe({ $ref: 'Session#' }),
            records: Type.Array(Type.Object({}, { additionalProperties: true })),
          }),
          ...errors,
        },
      },
    },
    async (request) => {
      const { session } = await findSession(request, ports, request.params.id);
      return { session, records: await ports.sessions.records(session.id, MAX_RECORDS) };
    },
  );

  app.post<{ Params: Static<typeof ParamsSchema>; Body: Static<typeof EndSchema> }>(
    '/v1/sessions/:id/end',
    {
      schema: {
        summary: 'End a live session at once: yours, one that acts for you, or any for an admin',
        security,
        params: ParamsSchema,
        body: EndSchema,
        response: {
          200: Type.Object({ ended: Type.String({ description: 'Id of the session.' }) }),
          ...errors,
        },
      },
    },
    async (request) => {
      const { session, caller } = await findSession(request, ports, request.params.id);
      if (!(await ports.endSession(session.id, caller, request.body.reason)))
        throw new ApiProblem(409, 'session/not-open', 'the session is not open here');
      return { ended: session.id };
    },
  );
}

/** The session that a call is about and its caller, who may do this; that it exists is nobody else's business. */
async function findSession(
  request: FastifyRequest,
  ports: ApiPorts,
  id: string,
): Promise<{ readonly session: SessionSummary; readonly caller: IdentityInput }> {
  const session = ports.sessions.find(id);
  const unknown = new ApiProblem(
    404,
    'session/not-found',
    `there is no session ${id} that you may see or end`,
  );
  try {
    const caller = await admit(request, ports, session && sessionObject(session));
    if (session === undefined) throw unknown;
    return { session, caller };
  } catch (error) {
    throw error instanceof ApiProblem && error.problem.status === 403 ? unknown : error;
  }
}
