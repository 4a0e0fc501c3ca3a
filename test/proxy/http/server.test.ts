import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ProxyError } from '../../../proxy/error.ts';
import { refuse } from '../../../proxy/gate/refusal.ts';
import { createHttpServer } from '../../../proxy/http/server.ts';
import { fixedSecrets } from '../../support/fixed-secrets.ts';
import { decision, demand, until } from '../../support/gate-ports.ts';
import {
  type HttpBench,
  openHttpBench,
  outcome,
  problemOf,
  withBench,
} from '../../support/http-gateway.ts';

const test = suite('proxy/http/server');

test('sends an allowed request on with the credential of the target', () =>
  withBench(async (http) => {
    const answer = await http.ask('POST', '/a/./b?x=1', {
      headers: ['Content-Type: application/json', 'X-Tenant: t1'],
      body: '{"n":1}',
    });
    assert.is(answer.status, 200);
    assert.is(answer.body, '{"ok":true}');
    const [seen] = http.seen;
    assert.is(seen?.url, '/a/b?x=1');
    assert.is(seen?.body, '{"n":1}');
    assert.is(seen?.headers['authorization'], 'Bearer secret-of-target-key');
    assert.is(seen?.headers['x-tenant'], 't1');
    assert.is(seen?.headers['x-forwarded-host'], 'orders.localhost');
    assert.match(String(seen?.headers['x-sallyport-action']), /^session-\d+\/1$/);
    assert.equal(await outcome(http), {
      status: 'ok',
      detail: 'HTTP 200',
      bytes: 11,
      masked: {},
      rows: 0,
    });
  }));

test('shows the policy and the approver why the client says it asks, and the target nothing', () =>
  withBench(async (http) => {
    const seen: unknown[] = [];
    http.bench.decide = (input) => {
      seen.push(input.session.reason);
      return seen.length === 1
        ? decision()
        : decision({ effect: 'require_approval', approvals: [demand()] });
    };
    await http.ask('GET', '/a', { headers: ['Sallyport-Reason: ticket INC-7'] });
    const held = http.ask('GET', '/b', { headers: ['Sallyport-Reason: ticket INC-8'] });
    await until(() => http.bench.asked.length === 1);
    http.bench.asked[0]?.answer({ kind: 'denied', by: 'dora', note: undefined });
    await held;
    assert.equal(seen, ['ticket INC-7', 'ticket INC-8']);
    assert.is(http.bench.asked[0]?.request.reason, 'ticket INC-8');
    assert.equal(
      Object.keys(http.seen[0]?.headers ?? {}).filter((name) => /reason/.test(name)),
      [],
    );
  }));

test('records before it sends on', () =>
  withBench(async (http) => {
    let recorded = '';
    http.reply = (_request, response) => {
      recorded = http.bench.entries.map(({ entry }) => entry.type).join();
      response.end();
    };
    await http.ask('GET', '/a');
    assert.is(recorded, 'session.opened,action.decided');
  }));

test('sends nothing on that the policy blocks, and says why', () =>
  withBench(async (http) => {
    const reasons = [{ code: 'no-writes', reason: 'agents only read', rule: undefined }];
    http.bench.decide = () => decision({ effect: 'block', reasons });
    const problem = problemOf(await http.ask('DELETE', '/a'));
    assert.is(problem.status, 403);
    assert.is(problem.code, 'no-writes');
    assert.equal(problem.reasons, [{ code: 'no-writes', reason: 'agents only read' }]);
    assert.equal(http.seen, []);
  }));

test('asks for a token, and tells nobody without one what there is', () =>
  withBench(async (http) => {
    for (const host of ['orders.localhost', 'nothing.localhost']) {
      for (const header of ['', 'Authorization: Bearer bad\r\n', 'Authorization: Digest x\r\n']) {
        const text = await http.raw(`GET / HTTP/1.1\r\nHost: ${host}\r\n${header}\r\n`);
        assert.match(text, /^HTTP\/1\.1 401 /);
        assert.match(text, /www-authenticate: Bearer realm="sallyport"/i);
      }
    }
    const text = await http.raw(
      'GET / HTTP/1.1\r\nHost: no.localhost\r\nAuthorization: Bearer good\r\n\r\n',
    );
    assert.match(text, /^HTTP\/1\.1 404 /);
    assert.equal(http.seen, []);
  }));

test('keeps one session for the requests of a connection, in order', () =>
  withBench(async (http) => {
    const head = 'Host: orders.localhost\r\nAuthorization: Bearer good\r\n\r\n';
    const text = await http.raw([1, 2, 3].map((n) => `GET /${n} HTTP/1.1\r\n${head}`).join(''));
    assert.is(text.match(/HTTP\/1\.1 200/g)?.length, 3);
    assert.equal(
      http.seen.map((seen) => seen.url),
      ['/1', '/2', '/3'],
    );
    const types = http.bench.entries.map(({ entry }) => entry.type);
    assert.is(types.filter((type) => type === 'session.opened').length, 1);
    await until(() => http.gate.sessions.size === 0);
    assert.is(http.bench.entries.at(-1)?.entry.type, 'session.closed');
  }));

test('describes an upgrade to the policy and then refuses it', () =>
  withBench(async (http) => {
    let isWebsocket = false;
    http.bench.decide = ({ action }) => {
      isWebsocket = action.kind === 'http' && action.http.websocket;
      return decision();
    };
    const answer = await http.ask('GET', '/a', { headers: ['Upgrade: websocket'] });
    assert.is(answer.status, 501);
    assert.ok(isWebsocket);
    assert.equal(http.seen, []);
  }));

test('holds the connection until the request is approved', () =>
  withBench(async (http) => {
    http.bench.decide = () => decision({ effect: 'require_approval', approvals: [demand()] });
    const answer = http.ask('POST', '/a', { body: 'x' });
    await until(() => http.bench.asked.length === 1);
    assert.equal(http.seen, []);
    const [asked] = http.bench.asked;
    assert.match(asked?.request.text ?? '', 'POST /a');
    if (asked !== undefined) asked.answer({ kind: 'granted', grant: asked.grant() });
    assert.is((await answer).status, 200);
    assert.is(http.seen.length, 1);
  }));

test('answers a denial with who denied', () =>
  withBench(async (http) => {
    http.bench.decide = () => decision({ effect: 'require_approval', approvals: [demand()] });
    const answer = http.ask('POST', '/a');
    await until(() => http.bench.asked.length === 1);
    http.bench.asked[0]?.answer({ kind: 'denied', by: 'dora', note: undefined });
    assert.is(problemOf(await answer).code, 'approval/denied');
    assert.equal(http.seen, []);
  }));

test('waits no longer than the client prefers', () =>
  withBench(async (http) => {
    http.bench.decide = () => decision({ effect: 'require_approval', approvals: [demand()] });
    const answer = await http.ask('POST', '/a', { headers: ['Prefer: wait=0'] });
    assert.is(problemOf(answer).code, 'approval/expired');
    assert.match(answer.head, /retry-after: 60/i);
    assert.ok(http.bench.asked[0]?.withdrawn());
  }));

test('withdraws the request when the client goes away', () =>
  withBench(async (http) => {
    http.bench.decide = () => decision({ effect: 'require_approval', approvals: [demand()] });
    await http.raw(
      'GET /a HTTP/1.1\r\nHost: orders.localhost\r\nAuthorization: Bearer good\r\n\r\n',
      50,
    );
    await until(() => http.bench.asked[0]?.withdrawn() === true);
    assert.equal(http.seen, []);
  }));

test('refuses a body beyond its limit, declared or not', () =>
  withBench(
    async (http) => {
      assert.is((await http.ask('POST', '/a', { body: 'x'.repeat(2_000) })).status, 413);
      const text = await http.raw(
        `POST /a HTTP/1.1\r\nHost: orders.localhost\r\nAuthorization: Bearer good\r\nTransfer-Encoding: chunked\r\n\r\n7d0\r\n${'x'.repeat(2_000)}\r\n0\r\n\r\n`,
      );
      assert.match(text, /^HTTP\/1\.1 413 /);
      assert.equal(http.seen, []);
    },
    { maxBodyBytes: 1_000 },
  ));

test('answers 502 when the target cannot be reached, without a word of its credential', () =>
  withBench(
    async (http) => {
      const answer = await http.ask('GET', '/a');
      assert.is(problemOf(answer).code, 'target/unreachable');
      assert.is(answer.status, 502);
      assert.not.match(answer.body, 'secret');
    },
    {},
    { url: 'http://127.0.0.1:1' },
  ));

test('ends the request when its session is ended', () =>
  withBench(async (http) => {
    http.reply = (_request, response) => {
      response.write('begun');
      const [id = ''] = http.gate.sessions.keys();
      http.gate.endSession(id, refuse('blocked', 'session/killed', 'killed'));
    };
    const text = await http.raw(
      'GET /a HTTP/1.1\r\nHost: orders.localhost\r\nAuthorization: Bearer good\r\n\r\n',
      3_000,
    );
    assert.not.match(text, /\r\n0\r\n/);
    assert.is(((await outcome(http)) as { status: string }).status, 'aborted');
  }));

test('sends a redirect of the target to itself back to the gateway', () =>
  withBench(async (http) => {
    http.reply = (request, response) => {
      response.writeHead(302, { location: `http://${request.headers['host']}/next` }).end();
    };
    const answer = await http.ask('GET', '/a');
    assert.is(answer.status, 302);
    assert.match(answer.head, /location: \/next/);
    assert.is(http.seen.length, 1);
  }));

test('keeps the base path of the target', () =>
  withBench(async (http) => {
    const base = await openHttpBench({}, { url: `http://127.0.0.1:${await portOf(http)}/base/` });
    assert.is((await base.ask('GET', '/a')).status, 200);
    assert.is(http.seen.at(-1)?.url, '/base/a');
    await base.close();
  }));

async function portOf(http: HttpBench): Promise<number> {
  await http.ask('GET', '/port');
  return Number(String(http.seen[0]?.headers['host']).split(':')[1]);
}

test('says which address is in use', () =>
  withBench(async (http) => {
    const server = createHttpServer({
      gate: http.gate,
      secrets: fixedSecrets(() => ''),
      maskKey: () => ({ hash: Buffer.alloc(0), token: Buffer.alloc(0), format: Buffer.alloc(0) }),
      log: { warn: () => undefined },
    });
    const failed = await server.bind(http.listener.address).then(
      () => 'bound',
      (error: unknown) => (error instanceof ProxyError ? error.code : String(error)),
    );
    assert.is(failed, 'listen/address-in-use');
  }));

test.run();
