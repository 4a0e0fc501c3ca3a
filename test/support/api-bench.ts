/**
 * The HTTP API over an empty store, with people of every role and everything it does noted.
 */
import type { FastifyInstance } from 'fastify';
import { loadApiRoles } from '../../control/api/roles.ts';
import { createApi } from '../../control/api/server.ts';
import { createApprovalDesk } from '../../control/approvals/desk.ts';
import type { DecisionSummary } from '../../control/decisions/recent-decisions.ts';
import { ControlError } from '../../control/error.ts';
import { createRegistry } from '../../control/identity/registry.ts';
import { createSessionIndex } from '../../control/sessions/session-index.ts';
import { openSqliteStore } from '../../control/store/sqlite/sqlite-store.ts';
import type { Store } from '../../control/store/store.ts';
import type { IdentityInput } from '../../engine/contract/input.ts';
import type { ApiCalled } from '../../proxy/gate/control-record.ts';
import { refuse } from '../../proxy/gate/refusal.ts';
import { agentIdentity, exampleIdentity } from '../control/store/example-approval.ts';

/** What a test of the API has at hand. */
export interface ApiBench {
  app: FastifyInstance;
  store: Store;
  revoked: string[];
  faults: unknown[];
  health: { healthy: boolean };
  calls: ApiCalled[];
  journalIsFull: boolean;
}

const person = (subject: string, groups: readonly string[]): IdentityInput =>
  exampleIdentity({
    subject,
    name: subject,
    groups,
    credential: { ...exampleIdentity().credential, id: `id-of-${subject}` },
  });
const identities: Readonly<Record<string, IdentityInput>> = {
  agent: agentIdentity,
  maria: person('maria', []),
  dba: person('dba', ['dba']),
  eve: person('eve', []),
  audit: person('audit', ['auditors']),
  admin: person('admin', ['sallyport-admins']),
  robot: { ...person('robot', ['sallyport-admins']), kind: 'agent' },
};

const UNUSED = refuse('unauthenticated', 'identity/malformed', 'this is not a token');

const refusedByJournal = new Error('the disk is full');

const decided: readonly DecisionSummary[] = ['allow', 'block', 'allow'].map((verdict, at) => ({
  at: '2026-01-01T00:00:00Z',
  session: `s${at}`,
  action: 1,
  verdict: verdict as 'allow',
  subject: 'agent',
  on_behalf_of: at === 0 ? 'maria' : undefined,
  actors: [],
  resource: 'shop',
  kind: 'sql',
  verb: 'SELECT',
  class: 'read',
  text: 'SELECT 1',
  codes: [],
  masks: [],
  revision: 'r',
}));

/** Opens the API over an empty store with one session and three decisions recorded. */
export async function openApiBench(context: ApiBench): Promise<void> {
  const store = openSqliteStore(':memory:');
  const clock = { nowNs: () => 1_000_000_000_000_000n };
  const sessions = createSessionIndex();
  sessions.note({
    type: 'session.opened',
    at: '2026-01-01T00:00:00Z',
    session: 's1',
    identity: agentIdentity,
    resource: { name: 'shop', type: 'postgres', labels: {} },
    client: { ip: '127.0.0.1', application: 'psql', fingerprint: '' },
  });
  const revoked: string[] = [];
  const faults: unknown[] = [];
  const health = { healthy: true };
  const calls: ApiCalled[] = [];
  Object.assign(context, { store, revoked, faults, health, calls, journalIsFull: false });
  context.app = await createApi({
    version: '0.0.0',
    identities: {
      identify: ({ token }) =>
        Promise.resolve(
          identities[token] ??
            refuse('unauthenticated', 'identity/malformed', 'this is not a token of this gateway'),
        ),
    },
    consents: {
      grant: () => Promise.resolve(UNUSED),
      list: () => Promise.resolve([]),
      revoke: () => Promise.resolve(UNUSED),
      findStanding: () => Promise.resolve(undefined),
    },
    exchange: { delegate: () => Promise.resolve(UNUSED) },
    connections: {
      open: () => Promise.resolve(UNUSED),
      end: () => Promise.resolve(UNUSED),
    },
    apiKeys: {
      takes: () => false,
      read: () => Promise.resolve(UNUSED),
      create: () => Promise.resolve(UNUSED),
      list: () => Promise.resolve([]),
      revoke: () => Promise.resolve(UNUSED),
    },
    secrets: {
      set: () => Promise.resolve(UNUSED),
      list: () => Promise.resolve([]),
      remove: () => Promise.resolve(UNUSED),
      rekey: () => Promise.resolve(UNUSED),
      source: { fetch: () => Promise.reject(new Error('unused')) },
    },
    listener: () => undefined,
    endSession: () => Promise.resolve(false),
    signIn: {
      people: { byIdToken: () => Promise.resolve(UNUSED) },
      saml: undefined,
      offer: [{ kind: 'saml', name: 'corp', issuer: 'https://idp.example' }],
      url: undefined,
    },
    desk: createApprovalDesk({
      store,
      clock,
      newId: () => 'g1',
      maxPendingPerIdentity: 9,
      gateway: 'gateway-1',
      journal: () => Promise.resolve(),
      emailOf: () => undefined,
    }),
    sessions: {
      ...sessions,
      records: () =>
        Promise.resolve([
          { type: 'session.closed', at: 'x', session: 's1', actions: 0, rows: 0, cause: 'end' },
        ]),
    },
    policy: () => ({ revision: 'sha256:bb', files: ['a.policy'], loaded_at: 'x', interpreted: [] }),
    health: () => {
      const { healthy } = health;
      return Promise.resolve({
        healthy,
        checks: {
          journal: healthy ? 'ok' : 'the disk is full',
          store: 'ok',
          policy: 'ok',
          issuers: 'ok',
          credentials: 'ok',
        },
      });
    },
    isReady: () => true,
    metrics: () => Promise.resolve({ type: 'text/plain; version=0.0.4', body: 'sallyport_up 1\n' }),
    revokeToken: (token) => {
      if (token.id === 'explode') return Promise.reject(new Error('inner detail'));
      revoked.push(token.id);
      return Promise.resolve();
    },
    hosts: ['gateway.internal'],
    registry: createRegistry([
      {
        subject: agentIdentity.subject,
        name: 'Agent',
        email: undefined,
        kind: 'agent',
        groups: [],
        owner: 'maria',
        actsFor: ['ben'],
        agent: {
          purpose: 'reports',
          resources: ['shop'],
          expiresAtMs: 5_000,
          actsForGroups: ['staff'],
          clientId: undefined,
        },
      },
      {
        subject: 'maria',
        name: 'Maria',
        email: 'maria@example.com',
        kind: 'human',
        groups: ['staff'],
        owner: undefined,
        actsFor: [],
      },
    ]),
    decisions: { list: () => decided },
    tryDecision: ({ on, explain }) => {
      if (on === 'nowhere')
        return Promise.reject(new ControlError('usage/invalid', 'there is no resource nowhere'));
      const said = { reasons: [], masks: [], approvals: [], revision: 'r', reads: [] };
      const decision = { effect: 'allow', ...said } as const;
      const packages = [{ name: 'access', title: undefined, documents: [] }];
      return Promise.resolve(explain === true ? { decision, packages } : { decision });
    },
    roles: loadApiRoles({
      paths: undefined,
      base: '/',
      access: { admins: ['sallyport-admins'], auditors: ['auditors'] },
      nowNs: () => 1_000_000_000n,
      onError: (error) => faults.push(error),
    }),
    record: (entry) => {
      if (context.journalIsFull) return Promise.reject(refusedByJournal);
      calls.push(entry);
      return Promise.resolve();
    },
    limits: { bodyBytes: 2048, requestsPerMinute: 50 },
    onFault: (error) => faults.push(error),
    nowMs: () => 1_000_000_000,
  });
}

/** Calls the API as somebody; their token is their name. */
export async function call(
  app: FastifyInstance,
  as: string | undefined,
  method: 'GET' | 'POST',
  url: string,
  payload?: object,
) {
  const response = await app.inject({
    method,
    url,
    ...(as === undefined ? {} : { headers: { authorization: `Bearer ${as}` } }),
    ...(payload === undefined ? {} : { payload }),
  });
  return { status: response.statusCode, headers: response.headers, body: response.json() };
}
