/**
 * Requests for approval: list, look, answer, take back. Who may see and answer what is decided by the desk.
 */
import type { FastifyInstance } from 'fastify';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { isRefusal, type Refusal } from '../../../proxy/gate/refusal.ts';
import { MAX_NOTE_LENGTH } from '../../approvals/desk-contract.ts';
import { type ApprovalMessage, ApprovalSchema, toMessage } from '../../approvals/message.ts';
import { APPROVAL_STATES, type ApprovalState } from '../../approvals/state.ts';
import type { ApprovalView } from '../../approvals/view.ts';
import { admit } from '../access.ts';
import type { ApiPorts } from '../ports.ts';
import { ApiProblem, problemOf } from '../problem.ts';

const ParamsSchema = Type.Object({ id: Type.String({ minLength: 1, maxLength: 128 }) });
const AnswerSchema = Type.Object(
  { note: Type.Optional(Type.String({ maxLength: MAX_NOTE_LENGTH })) },
  { additionalProperties: false },
);
const ListSchema = Type.Object(
  {
    state: Type.Optional(
      Type.Unsafe<ApprovalState>({ type: 'string', enum: [...APPROVAL_STATES] }),
    ),
  },
  { additionalProperties: false },
);

const security = [{ bearer: [] }];
const errors = { '4XX': { $ref: 'Problem#' }, '5XX': { $ref: 'Problem#' } };
const one = { 200: { $ref: 'Approval#' }, ...errors };

export function registerApprovalRoutes(app: FastifyInstance, ports: ApiPorts): void {
  app.addSchema(ApprovalSchema);

  app.get<{ Querystring: Static<typeof ListSchema> }>(
    '/v1/approvals',
    {
      schema: {
        summary: 'Requests you are involved in or may answer, newest first',
        security,
        querystring: ListSchema,
        response: {
          200: Type.Object({ approvals: Type.Array(Type.Unsafe({ $ref: 'Approval#' })) }),
          ...errors,
        },
      },
    },
    async (request) => {
      const viewer = await admit(request, ports);
      const { state } = request.query;
      const views = await ports.desk.list(viewer, state === undefined ? undefined : [state]);
      return { approvals: views.map(toMessage) };
    },
  );

  app.get<{ Params: Static<typeof ParamsSchema> }>(
    '/v1/approvals/:id',
    { schema: { summary: 'One request', security, params: ParamsSchema, response: one } },
    async (request) =>
      unwrap(await ports.desk.find(request.params.id, await admit(request, ports))),
  );

  for (const answer of ['approve', 'deny'] as const)
    app.post<{ Params: Static<typeof ParamsSchema>; Body: Static<typeof AnswerSchema> | null }>(
      `/v1/approvals/:id/${answer}`,
      {
        schema: {
          summary: answer === 'approve' ? 'Say yes' : 'Say no, which ends the request',
          security,
          params: ParamsSchema,
          body: AnswerSchema,
          response: one,
        },
      },
      async (request) => {
        const approver = await admit(request, ports);
        const note = request.body?.note;
        return unwrap(await ports.desk.answer(request.params.id, approver, answer, note));
      },
    );

  const steps = [
    ['revoke', 'Take a grant back; sessions that acted under it end'],
    ['escalate', 'Put it before the people the configuration names for that'],
    ['withdraw', 'Take your own request back'],
  ] as const;
  for (const [step, summary] of steps)
    app.post<{
      Params: Static<typeof ParamsSchema>;
      Body: Static<typeof AnswerSchema> | undefined;
    }>(
      `/v1/approvals/:id/${step}`,
      {
        schema: {
          summary,
          security,
          params: ParamsSchema,
          response: one,
        },
      },
      async (request) => {
        const by = await admit(request, ports);
        const note = readNote(request.body);
        return unwrap(await ports.desk[step](request.params.id, by, note));
      },
    );
}

/** These may come without a body at all; one that is there is an answer's. */
function readNote(body: unknown): string | undefined {
  if (body === undefined || body === null) return undefined;
  if (!Value.Check(AnswerSchema, body))
    throw new ApiProblem(400, 'api/bad-request', 'body must be an object with a `note` at most');
  return body.note;
}

function unwrap(outcome: ApprovalView | Refusal): ApprovalMessage {
  if (isRefusal(outcome)) throw problemOf(outcome);
  return toMessage(outcome);
}
