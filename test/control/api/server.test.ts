/**
 * The HTTP API: who is let in, what they see, and how a fault is told.
 */
import type { FastifyInstance } from 'fastify';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createApi } from '../../../control/api/server.ts';
import { createApprovalDesk } from '../../../control/approvals/desk.ts';
import { createSessionIndex } from '../../../control/sessions/session-index.ts';
import { openSqliteStore } from '../../../control/store/sqlite/sqlite-store.ts';
import type { Store } from '../../../control/store/store.ts';
import type { IdentityInput } from '../../../engine/contract/input.ts';
import { refuse } from '../../../proxy/gate/refusal.ts';
import { agentIdentity, exampleApproval, exampleIdentity } from '../store/example-approval.ts';

interface Context {
  app: FastifyInstance;
  store: Store;
  revoked: string[];
  faults: unknown[];
  health: { healthy: boolean };
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

const UNUSED = refuse('unauthenticated', 'identity/malformed', 'this is no token');

const api = suite<Context>('control/api/server');

api.before.each(async (context) => {
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
  Object.assign(context, { store, revoked, faults, health });
  context.app = await createApi({
    version: '0.0.0',
    identities: {
      identify: ({ token }) =>
        Promise.resolve(
          identities[token] ??
            refuse('unauthenticated', 'identity/malformed', 'this is no token of this gateway'),
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
    policy: () => ({ revision: 'sha256:bb', files: ['a.policy'], loaded_at: 'x' }),
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
    access: { admins: ['sallyport-admins'], auditors: ['auditors'] },
    limits: { bodyBytes: 2048, requestsPerMinute: 50 },
    onFault: (error) => faults.push(error),
    nowMs: () => 1_000_000_000,
  });
});
api.after.each(async (context) => {
  await context.app.close();
  await context.store.close();
});

async function call(
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

api('a request without a valid token is a 401 problem', async ({ app }) => {
  for (const url of [
    '/v1/approvals',
    '/v1/approvals/a1',
    '/v1/sessions',
    '/v1/sessions/s1',
    '/v1/consents',
    '/v1/whoami',
    '/v1/policy',
  ])
    for (const as of [undefined, 'stranger']) {
      const { status, headers, body } = await call(app, as, 'GET', url);
      assert.is(status, 401, url);
      assert.match(String(headers['content-type']), /^application\/problem\+json/);
      assert.match(String(headers['www-authenticate']), /^Bearer/);
      assert.match(body.code, /^identity\//);
    }
  assert.is((await call(app, undefined, 'POST', '/v1/token/revoke', {})).status, 401);
  assert.is((await call(app, undefined, 'POST', '/v1/approvals/a1/approve', {})).status, 401);
});

api('a request by a name that is not its own reaches nothing', async ({ app }) => {
  const statusOf = async (url: string, host: string): Promise<number> =>
    (await app.inject({ url, headers: { host, authorization: 'Bearer admin' } })).statusCode;
  const urls = ['/metrics', '/healthz', '/readyz', '/openapi.json', '/v1/policy', '/v1/nothing'];
  for (const url of urls)
    for (const host of [
      'evil.example',
      'evil.example:7070',
      'localhost.evil.example',
      '127.0.0.1.nip.io',
    ])
      assert.is(await statusOf(url, host), 421, `${url} ${host}`);
  for (const host of [' ', 'a@localhost', 'localhost/x', '[evil.example]', 'localhost:evil'])
    assert.is(await statusOf('/metrics', host), 421, host);
  const own = [
    'localhost',
    'LocalHost.:7070',
    '127.0.0.1:7070',
    '[::1]:7070',
    '10.1.2.3',
    'Gateway.internal:7070',
  ];
  for (const host of own) assert.is(await statusOf('/metrics', host), 200, host);
  const { statusCode, headers, body } = await app.inject({
    url: '/metrics',
    headers: { host: 'evil.example' },
  });
  assert.is(statusCode, 421);
  assert.match(String(headers['content-type']), /^application\/problem\+json/);
  assert.is(JSON.parse(body).code, 'api/host');
  assert.not.match(body, /sallyport_up/);
});

api('an approval is shown to those involved and those who may answer', async ({ app, store }) => {
  await store.insertApproval(exampleApproval({ expiresAtMs: 2_000_000_000 }));
  for (const [as, count] of [
    ['agent', 1],
    ['maria', 1],
    ['dba', 1],
    ['eve', 0],
    ['admin', 0],
  ] as const)
    assert.is((await call(app, as, 'GET', '/v1/approvals')).body.approvals.length, count, as);
  assert.is((await call(app, 'eve', 'GET', '/v1/approvals/a1')).status, 404);
  const { body } = await call(app, 'dba', 'GET', '/v1/approvals/a1');
  assert.is(body.text, 'update t set a = 1');
  assert.equal(body.requester, {
    subject: 'agent',
    name: 'Agent',
    kind: 'agent',
    actors: ['agent', 'maria'],
    on_behalf_of: 'maria',
    chain: [
      { subject: 'agent', name: 'Agent', kind: 'agent', issuer: 'sallyport' },
      { subject: 'maria', name: 'Maria', kind: 'human', issuer: 'sallyport' },
    ],
  });
  assert.is(body.missing, 1);
});

api('an approver says yes, once; a second answer is a conflict', async ({ app, store }) => {
  await store.insertApproval(exampleApproval({ expiresAtMs: 2_000_000_000 }));
  const refused = await call(app, 'maria', 'POST', '/v1/approvals/a1/approve', {});
  assert.is(refused.status, 403);
  assert.is(refused.body.code, 'approval/own-request');
  const granted = await call(app, 'dba', 'POST', '/v1/approvals/a1/approve', { note: 'ok' });
  assert.is(granted.status, 200);
  assert.is(granted.body.state, 'granted');
  assert.is(granted.body.answers[0].note, 'ok');
  const again = await call(app, 'dba', 'POST', '/v1/approvals/a1/approve', {});
  assert.is(again.status, 409);
  const revoked = await call(app, 'dba', 'POST', '/v1/approvals/a1/revoke');
  assert.is(revoked.body.state, 'revoked');
});

api(
  'a requester takes a request back, an approver cannot; nobody is there to escalate to',
  async ({ app, store }) => {
    await store.insertApproval(exampleApproval({ expiresAtMs: 2_000_000_000 }));
    const at = '/v1/approvals/a1';
    assert.is((await call(app, 'dba', 'POST', `${at}/withdraw`)).body.code, 'approval/not-own');
    assert.is(
      (await call(app, 'dba', 'POST', `${at}/escalate`)).body.code,
      'approval/no-escalation',
    );
    assert.is((await call(app, 'dba', 'POST', `${at}/revoke`, { x: 1 })).status, 400);
    const { body } = await call(app, 'maria', 'POST', `${at}/withdraw`, { note: 'a mistake' });
    assert.is(body.state, 'cancelled');
    assert.is((await call(app, 'dba', 'POST', `${at}/approve`, {})).status, 409);
  },
);

api('a denial carries its note', async ({ app, store }) => {
  await store.insertApproval(exampleApproval({ expiresAtMs: 2_000_000_000 }));
  const { body } = await call(app, 'dba', 'POST', '/v1/approvals/a1/deny', { note: 'no' });
  assert.is(body.state, 'denied');
  assert.equal((await call(app, 'dba', 'GET', '/v1/approvals?state=pending')).body.approvals, []);
});

api(
  'sessions are for their people, auditors and admins, and never for an agent of theirs',
  async ({ app }) => {
    for (const [as, status] of [
      ['agent', 200],
      ['maria', 200],
      ['audit', 200],
      ['admin', 200],
      ['dba', 404],
      ['eve', 404],
      ['robot', 404],
    ] as const) {
      assert.is((await call(app, as, 'GET', '/v1/sessions/s1')).status, status, as);
      const { body } = await call(app, as, 'GET', '/v1/sessions');
      assert.is(body.sessions.length, status === 200 ? 1 : 0, as);
    }
    const { body } = await call(app, 'audit', 'GET', '/v1/sessions/s1');
    assert.is(body.session.subject, 'agent');
    assert.is(body.records[0].cause, 'end');
  },
);

api(
  'one revokes one’s own token or one that one holds; by id only as an admin',
  async ({ app, revoked }) => {
    assert.is(
      (await call(app, 'maria', 'POST', '/v1/token/revoke', {})).body.revoked,
      'id-of-maria',
    );
    await call(app, 'maria', 'POST', '/v1/token/revoke', { token: 'dba' });
    assert.is((await call(app, 'maria', 'POST', '/v1/token/revoke', { id: 'x' })).status, 403);
    assert.is((await call(app, 'robot', 'POST', '/v1/token/revoke', { id: 'x' })).status, 403);
    await call(app, 'admin', 'POST', '/v1/token/revoke', { id: 'y' });
    assert.equal(revoked, ['id-of-maria', 'id-of-dba', 'y']);
  },
);

api('bad, large and unknown requests are problems', async ({ app, store }) => {
  await store.insertApproval(exampleApproval({ expiresAtMs: 2_000_000_000 }));
  const url = '/v1/approvals/a1/deny';
  assert.is((await call(app, 'dba', 'POST', url, { note: 5 })).body.code, 'api/bad-request');
  assert.is((await call(app, 'dba', 'POST', url, { extra: 1 })).body.code, 'api/bad-request');
  const large = await call(app, 'dba', 'POST', url, { note: 'x'.repeat(3000) });
  assert.is(large.status, 413);
  assert.is(large.body.code, 'limit/api-body');
  assert.is((await call(app, 'dba', 'GET', '/v1/approvals?state=odd')).status, 400);
  assert.is((await call(app, 'dba', 'GET', '/nothing')).body.code, 'api/not-found');
  assert.is((await store.findApproval('a1'))?.state, 'pending');
});

api('a fault tells nothing of the inside and is reported', async ({ app, faults }) => {
  const { status, body } = await call(app, 'admin', 'POST', '/v1/token/revoke', { id: 'explode' });
  assert.is(status, 500);
  assert.is(body.code, 'api/fault');
  assert.not.match(JSON.stringify(body), /inner detail/);
  assert.is(faults.length, 1);
});

api('an address that asks too often is told when to come back', async ({ app }) => {
  for (let count = 0; count < 50; count += 1) await app.inject('/readyz');
  const { status, headers, body } = await call(app, undefined, 'GET', '/readyz');
  assert.is(status, 429);
  assert.is(body.code, 'limit/api-rate');
  assert.ok(Number(headers['retry-after']) > 0);
});

api('probes need no token', async ({ app, health }) => {
  assert.equal((await call(app, undefined, 'GET', '/healthz')).body, {
    healthy: true,
    checks: { journal: 'ok', store: 'ok', policy: 'ok', issuers: 'ok', credentials: 'ok' },
  });
  health.healthy = false;
  const { status, body } = await call(app, undefined, 'GET', '/healthz');
  assert.is(status, 503);
  assert.is(body.checks.journal, 'the disk is full');
  assert.equal((await call(app, undefined, 'GET', '/readyz')).body, { ready: true });
  const metrics = await app.inject('/metrics');
  assert.is(metrics.body, 'sallyport_up 1\n');
  assert.match(String(metrics.headers['content-type']), /^text\/plain/);
});

api('the API describes itself in OpenAPI 3.1, every path of it', async ({ app }) => {
  const { body } = await call(app, undefined, 'GET', '/openapi.json');
  assert.is(body.openapi, '3.1.0');
  assert.equal(Object.keys(body.paths).sort(), [
    '/healthz',
    '/metrics',
    '/oauth/token',
    '/readyz',
    '/v1/approvals',
    '/v1/approvals/{id}',
    '/v1/approvals/{id}/approve',
    '/v1/approvals/{id}/deny',
    '/v1/approvals/{id}/escalate',
    '/v1/approvals/{id}/revoke',
    '/v1/approvals/{id}/withdraw',
    '/v1/consents',
    '/v1/consents/{id}/revoke',
    '/v1/login',
    '/v1/policy',
    '/v1/sessions',
    '/v1/sessions/{id}',
    '/v1/token/revoke',
    '/v1/whoami',
  ]);
  assert.equal(Object.keys(body.components.schemas).sort(), ['Approval', 'Problem', 'Session']);
});

api.run();
