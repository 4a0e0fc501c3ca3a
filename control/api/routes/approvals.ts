/**
 * Requests for approval: list, look, answer, take back. Who may see and answer what is decided by the desk.
 */
import type { FastifyInstance } from 'fastify';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { isRefusal, type Refusal } from '../../../proxy/gate/refusal.ts';
import { MAX_NOTE_LENGTH } from '../../approvals/desk-contract.ts';
import { APPROVAL_STATES, type ApprovalState } from '../../approvals/state.ts';
import type { ApprovalView } from '../../approvals/view.ts';
import { authenticate } from '../access.ts';
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

/** An approval request on the wire. Times are RFC 3339, UTC. */
export const ApprovalSchema = Type.Object(
  {
    id: Type.String(),
    state: Type.String(),
    code: Type.String(),
    reason: Type.String({ description: 'Why the policy asks.' }),
    requester: Type.Object({
      subject: Type.String(),
      name: Type.String(),
      kind: Type.String(),
      actors: Type.Array(Type.String()),
      on_behalf_of: Type.Optional(Type.String()),
    }),
    resource: Type.String(),
    session: Type.String(),
    text: Type.String({ description: 'Exactly what will run.' }),
    digest: Type.String(),
    revision: Type.String(),
    client_reason: Type.Optional(Type.String()),
    scope: Type.String(),
    quorum: Type.Integer(),
    missing: Type.Integer(),
    approvers: Type.Object({
      groups: Type.Array(Type.String()),
      subjects: Type.Array(Type.String()),
    }),
    answers: Type.Array(
      Type.Object({
        by: Type.String(),
        answer: Type.String(),
        note: Type.Optional(Type.String()),
        at: Type.String(),
      }),
    ),
    parameters: Type.Optional(Type.Array(Type.Unknown())),
    client: Type.Optional(Type.Object({ ip: Type.String(), application: Type.String() })),
    rules: Type.Array(
      Type.Object({
        code: Type.String(),
        reason: Type.String(),
        rule: Type.Optional(Type.String()),
      }),
    ),
    escalated_to: Type.Array(Type.String()),
    similar: Type.Array(
      Type.Object({
        id: Type.String(),
        state: Type.String(),
        requester: Type.String(),
        by: Type.Array(Type.String()),
        same_statement: Type.Boolean(),
        at: Type.String(),
      }),
      { description: 'Decided requests of the same shape, newest first; empty in lists.' },
    ),
    created_at: Type.String(),
    expires_at: Type.String(),
    grant: Type.Optional(Type.Object({ id: Type.String(), expires_at: Type.String() })),
  },
  { $id: 'Approval' },
);
export type ApprovalMessage = Static<typeof ApprovalSchema>;

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
      const viewer = await authenticate(request, ports);
      const { state } = request.query;
      const views = await ports.desk.list(viewer, state === undefined ? undefined : [state]);
      return { approvals: views.map(toMessage) };
    },
  );

  app.get<{ Params: Static<typeof ParamsSchema> }>(
    '/v1/approvals/:id',
    { schema: { summary: 'One request', security, params: ParamsSchema, response: one } },
    async (request) =>
      unwrap(await ports.desk.find(request.params.id, await authenticate(request, ports))),
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
        const approver = await authenticate(request, ports);
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
        const by = await authenticate(request, ports);
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

const iso = (ms: number): string => new Date(ms).toISOString();

function toMessage(view: ApprovalView): ApprovalMessage {
  const { identity, demand, grant } = view;
  return {
    id: view.id,
    state: view.state,
    code: demand.code,
    reason: demand.reason,
    requester: {
      subject: identity.subject,
      name: identity.name,
      kind: identity.kind,
      actors: [...identity.actors],
      ...(identity.on_behalf_of === undefined
        ? {}
        : { on_behalf_of: identity.on_behalf_of.subject }),
    },
    resource: view.resource,
    session: view.sessionId,
    text: view.text,
    digest: view.digest,
    revision: view.revision,
    ...(view.reason === undefined ? {} : { client_reason: view.reason }),
    scope: demand.scope,
    quorum: demand.quorum,
    missing: view.missing,
    approvers: { groups: [...demand.approvers.groups], subjects: [...demand.approvers.subjects] },
    answers: view.answers.map((answer) => ({
      by: answer.subject,
      answer: answer.answer,
      ...(answer.note === undefined ? {} : { note: answer.note }),
      at: iso(answer.atMs),
    })),
    ...(view.details.parameters === undefined ? {} : { parameters: [...view.details.parameters] }),
    ...(view.details.client === undefined ? {} : { client: view.details.client }),
    rules: (view.details.rules ?? []).map(({ code, reason, rule }) => ({
      code,
      reason,
      ...(rule === undefined
        ? {}
        : { rule: `${rule.package}.${rule.name} (${rule.file}:${rule.line})` }),
    })),
    escalated_to: [...(view.escalation?.groups ?? [])],
    similar: view.similar.map(({ id, state, subject, by, isSame, atMs }) => ({
      id,
      state,
      requester: subject,
      by: [...by],
      same_statement: isSame,
      at: iso(atMs),
    })),
    created_at: iso(view.createdAtMs),
    expires_at: iso(view.expiresAtMs),
    ...(grant === undefined ? {} : { grant: { id: grant.id, expires_at: grant.expires_at } }),
  };
}
