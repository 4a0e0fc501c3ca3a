/**
 * A request for approval in the words of the HTTP API, which webhooks and commands speak too. Nothing is left out here: who may see
 * it is decided by the desk.
 */
import { type Static, Type } from 'typebox';
import type { IdentityInput } from '../../engine/contract/input.ts';
import type { ApprovalView } from './view.ts';

/** UTF-16 units of a text that protocols show; a text of this length may go on. */
const MAX_SHOWN = 64 * 1024;

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
      chain: Type.Array(
        Type.Object({
          subject: Type.String(),
          name: Type.String(),
          kind: Type.String(),
          issuer: Type.String(),
        }),
        { description: 'Who asks, whom that acts for, and so on; with whoever vouches for each.' },
      ),
    }),
    resource: Type.String(),
    target: Type.Optional(
      Type.Object({ type: Type.String(), labels: Type.Record(Type.String(), Type.String()) }),
    ),
    session: Type.String(),
    text: Type.String({ description: 'Exactly what will run.' }),
    cut: Type.Boolean({ description: 'True when it is longer than `text` can show.' }),
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

/** The requester and everybody it acts for. */
function chainOf(identity: IdentityInput): readonly IdentityInput[] {
  return identity.on_behalf_of === undefined
    ? [identity]
    : [identity, ...chainOf(identity.on_behalf_of)];
}

const iso = (ms: number): string => new Date(ms).toISOString();

/** The message for a request as the people involved see it. */
export function toMessage(view: ApprovalView): ApprovalMessage {
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
      chain: chainOf(identity).map(({ subject, name, kind, issuer }) => ({
        subject,
        name,
        kind,
        issuer,
      })),
    },
    resource: view.resource,
    ...(view.details.resource === undefined
      ? {}
      : {
          target: {
            type: view.details.resource.type,
            labels: { ...view.details.resource.labels },
          },
        }),
    session: view.sessionId,
    text: view.text,
    cut: view.text.length >= MAX_SHOWN,
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
