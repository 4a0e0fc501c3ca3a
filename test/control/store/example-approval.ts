/**
 * A request for approval and a grant, for tests to change where it matters: an agent that acts for Maria and asks the DBAs.
 */

import type {
  StoredAnswer,
  StoredApproval,
} from '../../../control/store/approvals/approval-store.ts';
import type { StoredGrant } from '../../../control/store/grants/grant-store.ts';
import type { IdentityInput } from '../../../engine/contract/input.ts';
import { principalOf } from '../../../proxy/gate/grants.ts';

export function exampleIdentity(changes: Partial<IdentityInput> = {}): IdentityInput {
  return {
    subject: 'ana',
    name: 'Ana',
    kind: 'human',
    groups: [],
    scopes: [],
    claims: {},
    issuer: 'sallyport',
    credential: {
      id: 'token-1',
      type: 'session',
      issued_at: '2026-01-01T00:00:00.000Z',
      expires_at: '2027-01-01T00:00:00.000Z',
      bound: false,
    },
    mfa: false,
    actors: [],
    ...changes,
  };
}

export const agentIdentity: IdentityInput = exampleIdentity({
  subject: 'agent',
  name: 'Agent',
  kind: 'agent',
  claims: { owner: 'olga' },
  on_behalf_of: exampleIdentity({ subject: 'maria', name: 'Maria' }),
  actors: ['agent', 'maria'],
});

const demand = {
  code: 'prod-write',
  reason: 'writes in production',
  approvers: { groups: ['dba'], subjects: [] },
  quorum: 1,
  expiresMs: 60_000,
  scope: 'statement',
  rule: undefined,
} as const;

export function exampleApproval(changes: Partial<StoredApproval> = {}): StoredApproval {
  return {
    id: 'a1',
    state: 'pending',
    gateway: 'gateway-1',
    sessionId: 's1',
    identity: agentIdentity,
    resource: 'shop',
    text: 'update t set a = 1',
    digest: 'sha256:aa',
    shape: 'update t set a = ?',
    demand,
    revision: 'sha256:bb',
    reason: undefined,
    details: {},
    escalation: undefined,
    createdAtMs: 1,
    expiresAtMs: 60_001,
    decidedAtMs: undefined,
    ...changes,
  };
}

export function exampleGrant(changes: Partial<StoredGrant> = {}): StoredGrant {
  const expiresAtMs = changes.expiresAtMs ?? 60_000;
  return {
    id: 'g1',
    approval: 'a1',
    code: 'prod-write',
    scope: 'statement',
    approvers: ['dba'],
    answers: demand,
    subject: 'agent',
    actors: ['agent', 'maria'],
    principal: principalOf(agentIdentity),
    resource: 'shop',
    sessionId: 's1',
    digest: 'sha256:aa',
    revision: 'sha256:bb',
    uses: 1,
    revokedAtMs: undefined,
    ...changes,
    expiresAtMs,
    expires_at: new Date(expiresAtMs).toISOString(),
  };
}

export function exampleAnswer(changes: Partial<StoredAnswer> = {}): StoredAnswer {
  return {
    approval: 'a1',
    subject: 'dba',
    person: 'person of dba',
    answer: 'approve',
    note: undefined,
    atMs: 1,
    ...changes,
  };
}
