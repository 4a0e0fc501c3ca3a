/**
 * The HTTP API: who is let in, what they see, and how a fault is told.
 */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ROUTE_OPERATIONS, TOKEN_ROUTES } from '../../../control/api/operations.ts';
import type { DecisionSummary } from '../../../control/decisions/recent-decisions.ts';
import { type ApiBench, call, openApiBench } from '../../support/api-bench.ts';
import { agentIdentity, exampleApproval } from '../store/example-approval.ts';

const api = suite<ApiBench>('control/api/server');

api.before.each(openApiBench);
api.after.each(async (context) => {
  await context.app.close();
  await context.store.close();
});

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
  const wrong = (await call(app, 'dba', 'POST', url, { note: 5 })).body;
  assert.equal([wrong.code, wrong.title], ['api/bad-request', '`note` of the body must be string']);
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
  const described = Object.entries(
    body.paths as Record<string, Record<string, { security?: unknown }>>,
  ).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { security }]) => ({
      route: `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`,
      isGuarded: security !== undefined,
    })),
  );
  const routes = (isGuarded: boolean): readonly string[] =>
    described
      .filter((one) => one.isGuarded === isGuarded)
      .map(({ route }) => route)
      .sort();
  // Notices are told by a gateway that is configured for them.
  const guarded = [...ROUTE_OPERATIONS.keys(), ...TOKEN_ROUTES].filter(
    (route) => !route.includes('/v1/notifications'),
  );
  assert.equal(routes(true), guarded.sort());
  assert.equal(routes(false), [
    'GET /healthz',
    'GET /metrics',
    'GET /readyz',
    'GET /v1/login',
    'POST /oauth/token',
  ]);
  assert.equal(Object.keys(body.components.schemas).sort(), ['Approval', 'Problem', 'Session']);
});

api(
  'every call is recorded with who made it, refused ones too, before it is answered',
  async (context) => {
    const { app, calls } = context;
    await call(app, 'audit', 'GET', '/v1/sessions/s1?x=secret');
    await call(app, 'eve', 'GET', '/v1/sessions/s1');
    await call(app, 'eve', 'GET', '/v1/decisions');
    await call(app, undefined, 'GET', '/v1/decisions');
    assert.equal(
      calls.map(({ operation, path, object, by, refused }) => [
        operation,
        path,
        object?.id,
        by.subject,
        refused,
      ]),
      [
        ['sessions.read', '/v1/sessions/s1', 's1', 'audit', undefined],
        ['sessions.read', '/v1/sessions/s1', 's1', 'eve', 'api/forbidden'],
        ['decisions.list', '/v1/decisions', undefined, 'eve', 'api/forbidden'],
      ],
    );
    assert.is(new Set(calls.map((one) => one.call)).size, 3);
    assert.is(calls[0]?.by.credential, 'id-of-audit');
  },
);

api('a call that cannot be recorded is not answered', async (context) => {
  context.journalIsFull = true;
  const { status, body } = await call(context.app, 'audit', 'GET', '/v1/sessions/s1');
  assert.equal([status, body.code], [503, 'journal/unavailable']);
  assert.is(JSON.stringify(body).includes('records'), false);
});

api('decisions are listed by what is asked for, for auditors and admins', async ({ app }) => {
  const list = async (query: string, as = 'audit') => {
    const { status, body } = await call(app, as, 'GET', `/v1/decisions${query}`);
    return status === 200 ? body.decisions.map((one: DecisionSummary) => one.session) : status;
  };
  assert.equal(await list(''), ['s0', 's1', 's2']);
  assert.equal(await list('?verdict=allow&limit=1'), ['s0']);
  assert.equal(await list('?subject=maria'), ['s0']);
  assert.equal(await list('?session=s2&resource=shop'), ['s2']);
  assert.equal(await list('?resource=other'), []);
  assert.is(await list('?verdict=perhaps'), 400);
  assert.is(await list('?limit=0'), 400);
  assert.is(await list('', 'maria'), 403);
  assert.is(await list('', 'robot'), 403);
});

api('an action is tried without being taken', async ({ app }) => {
  const body = { as: 'agent', on: 'shop', sql: 'SELECT 1' };
  const tried = await call(app, 'audit', 'POST', '/v1/decisions/try', body);
  assert.equal([tried.status, tried.body.decision.effect], [200, 'allow']);
  assert.is(tried.body.packages, undefined);
  const why = await call(app, 'audit', 'POST', '/v1/decisions/try', { ...body, explain: true });
  assert.equal([why.body.decision.effect, why.body.packages[0].name], ['allow', 'access']);
  const nowhere = await call(app, 'audit', 'POST', '/v1/decisions/try', { ...body, on: 'nowhere' });
  assert.equal([nowhere.status, nowhere.body.code], [400, 'usage/invalid']);
  assert.is((await call(app, 'eve', 'POST', '/v1/decisions/try', body)).status, 403);
  assert.is((await call(app, 'audit', 'POST', '/v1/decisions/try', { ...body, x: 1 })).status, 400);
});

api(
  'identities and agents tell who answers for them and whether they are used',
  async ({ app }) => {
    const { body } = await call(app, 'audit', 'GET', '/v1/identities');
    assert.equal(
      body.identities.map((one: { subject: string; open_sessions: number }) => [
        one.subject,
        one.open_sessions,
      ]),
      [
        [agentIdentity.subject, 1],
        ['maria', 0],
      ],
    );
    const agents = (await call(app, 'admin', 'GET', '/v1/agents')).body.agents;
    assert.equal(agents, [
      {
        subject: agentIdentity.subject,
        name: 'Agent',
        purpose: 'reports',
        owner: 'maria',
        acts_for: ['ben'],
        acts_for_groups: ['staff'],
        resources: ['shop'],
        expires_at: '1970-01-01T00:00:05.000Z',
        in_force: false,
        last_session_at: '2026-01-01T00:00:00Z',
        open_sessions: 1,
      },
    ]);
    for (const path of ['/v1/identities', '/v1/agents'])
      assert.is((await call(app, 'maria', 'GET', path)).status, 403);
  },
);

api.run();
