/**
 * The identities and agents of the configuration, with when each was last seen: who may come, who answers for it, whether it is
 * still used.
 */
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { isInForce, type LocalIdentity } from '../../identity/registry.ts';
import type { SessionSummary } from '../../sessions/session-index.ts';
import { admit } from '../access.ts';
import type { ApiPorts } from '../ports.ts';

const seen = {
  last_session_at: Type.Optional(
    Type.String({ description: 'Of the newest session that is remembered.' }),
  ),
  open_sessions: Type.Integer(),
};
const IdentitySchema = Type.Object({
  subject: Type.String(),
  name: Type.String(),
  kind: Type.String(),
  email: Type.Optional(Type.String()),
  groups: Type.Array(Type.String()),
  owner: Type.Optional(Type.String({ description: 'Who answers for an agent or service.' })),
  ...seen,
});
const AgentSchema = Type.Object({
  subject: Type.String(),
  name: Type.String(),
  purpose: Type.Optional(Type.String()),
  owner: Type.Optional(Type.String()),
  acts_for: Type.Array(Type.String()),
  acts_for_groups: Type.Array(Type.String()),
  resources: Type.Optional(Type.Array(Type.String())),
  expires_at: Type.Optional(Type.String()),
  in_force: Type.Boolean(),
  ...seen,
});

const security = [{ bearer: [] }];
const errors = { '4XX': { $ref: 'Problem#' }, '5XX': { $ref: 'Problem#' } };

export function registerIdentityRoutes(app: FastifyInstance, ports: ApiPorts): void {
  app.get(
    '/v1/identities',
    {
      schema: {
        summary: 'People, agents and services of the configuration; for auditors and admins',
        security,
        response: { 200: Type.Object({ identities: Type.Array(IdentitySchema) }), ...errors },
      },
    },
    async (request) => {
      await admit(request, ports);
      const sessions = bySubject(ports.sessions.list());
      const identities = [...ports.registry.values()].map((identity) => ({
        ...partyOf(identity),
        kind: identity.kind,
        ...(identity.email === undefined ? {} : { email: identity.email }),
        groups: [...identity.groups],
        ...lastSeen(sessions.get(identity.subject)),
      }));
      return { identities };
    },
  );

  app.get(
    '/v1/agents',
    {
      schema: {
        summary: 'Agents, whom they may act for, and until when; for auditors and admins',
        security,
        response: { 200: Type.Object({ agents: Type.Array(AgentSchema) }), ...errors },
      },
    },
    async (request) => {
      await admit(request, ports);
      const sessions = bySubject(ports.sessions.list());
      const agents = [...ports.registry.values()].filter(({ kind }) => kind === 'agent');
      return {
        agents: agents.map((identity) => ({
          ...partyOf(identity),
          acts_for: [...identity.actsFor],
          ...entryOf(identity),
          in_force: isInForce(identity, ports.nowMs()),
          ...lastSeen(sessions.get(identity.subject)),
        })),
      };
    },
  );
}

function partyOf({ subject, name, owner }: LocalIdentity): {
  readonly subject: string;
  readonly name: string;
  readonly owner?: string;
} {
  return { subject, name, ...(owner === undefined ? {} : { owner }) };
}

function entryOf({ agent }: LocalIdentity): {
  readonly acts_for_groups: string[];
  readonly purpose?: string;
  readonly resources?: string[];
  readonly expires_at?: string;
} {
  if (agent === undefined) return { acts_for_groups: [] };
  return {
    acts_for_groups: [...agent.actsForGroups],
    purpose: agent.purpose,
    resources: [...agent.resources],
    expires_at: new Date(agent.expiresAtMs).toISOString(),
  };
}

/** Sessions of who acted in them, newest first. */
function bySubject(
  sessions: readonly SessionSummary[],
): ReadonlyMap<string, readonly SessionSummary[]> {
  return Map.groupBy(sessions, ({ subject }) => subject);
}

function lastSeen(sessions: readonly SessionSummary[] = []): {
  readonly last_session_at?: string;
  readonly open_sessions: number;
} {
  const [newest] = sessions;
  return {
    ...(newest === undefined ? {} : { last_session_at: newest.started_at }),
    open_sessions: sessions.filter(({ ended_at }) => ended_at === undefined).length,
  };
}
