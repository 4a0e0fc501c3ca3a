/**
 * A request for approval and a grant, for tests to change where it matters: an agent that acts for Maria and asks the DBAs.
 */

import type { StoredApproval, StoredGrant } from '../../../control/store/store.ts';
import type { IdentityInput } from '../../../engine/contract/input.ts';

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
    sessionId: 's1',
    identity: agentIdentity,
    resource: 'shop',
    text: 'update t set a = 1',
    digest: 'sha256:aa',
    demand,
    revision: 'sha256:bb',
    reason: undefined,
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
