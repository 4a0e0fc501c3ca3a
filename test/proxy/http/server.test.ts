import { gzipSync } from 'node:zlib';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Mask } from '../../../engine/contract/decision.ts';
import { ProxyError } from '../../../proxy/error.ts';
import { refuse } from '../../../proxy/gate/refusal.ts';
import { createHttpServer } from '../../../proxy/http/server.ts';
import { decision, demand, until } from '../../support/gate-ports.ts';
import { type Answer, type HttpBench, openHttpBench } from '../../support/http-gateway.ts';

const test = suite('proxy/http/server');
const SSN: Mask = { code: 'pii', with: 'redact', field: '/*/ssn', rule: undefined };

async function withBench(
  run: (http: HttpBench) => Promise<void>,
  ...settings: Parameters<typeof openHttpBench>
): Promise<void> {
  const http = await openHttpBench(...settings);
  try {
    await run(http);
  } finally {
    await http.close();
  }
}

function problemOf(answer: Answer): { code: string; status: number; reasons: unknown[] } {
  assert.match(answer.head, /content-type: application\/problem\+json/i);
  return JSON.parse(answer.body);
}

function outcomes(http: HttpBench): unknown[] {
  return http.bench.entries.flatMap(({ entry }) =>
    entry.type === 'action.finished' ? [entry.outcome] : [],
  );
}

async function outcome(http: HttpBench): Promise<unknown> {
  await until(() => outcomes(http).length > 0);
  return outcomes(http)[0];
}

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

test('masks fields of JSON and counts them', () =>
  withBench(async (http) => {
    http.bench.decide = () => decision({ masks: [SSN] });
    http.reply = (request, response) => {
      assert.is(request.headers['accept-encoding'], 'identity');
      assert.is(request.headers['range'], undefined);
      response.setHeader('content-type', 'application/json');
      response.setHeader('etag', '"secret"');
      response.write('[{"ssn":"1');
      setTimeout(() => response.end('23"},{"ssn":"456"}]'), 10);
    };
    const answer = await http.ask('GET', '/a', {
      headers: ['Accept-Encoding: gzip', 'Range: bytes=0-5'],
    });
    assert.is(answer.body, '[{"ssn":"[redacted]"},{"ssn":"[redacted]"}]');
    assert.not.match(answer.head, /etag/i);
    assert.equal((await outcome(http)) as object, {
      status: 'ok',
      detail: 'HTTP 200',
      bytes: 43,
      masked: { pii: 2 },
      rows: 0,
    });
  }));

test('masks and streams what is longer than it looks ahead', () =>
  withBench(
    async (http) => {
      http.bench.decide = () => decision({ masks: [SSN] });
      const rows = Array.from({ length: 20_000 }, (_, n) => ({ n, ssn: `123-45-${n}` }));
      http.reply = (_request, response) => {
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify(rows));
      };
      const answer = await http.ask('GET', '/a');
      assert.is(answer.status, 200);
      const got = JSON.parse(answer.body) as { ssn: string }[];
      assert.is(got.length, rows.length);
      assert.ok(got.every((row) => row.ssn === '[redacted]'));
    },
    { lookAheadBytes: 1_000 },
  ));

type Reply = HttpBench['reply'];
const UNMASKABLE: readonly (readonly [string, Reply])[] = [
  ['text', (_r, response) => response.setHeader('content-type', 'text/plain').end('ssn 123')],
  ['a body without a type', (_r, response) => void response.end('[{"ssn":"123"}]')],
  [
    'broken JSON',
    (_r, response) => response.setHeader('content-type', 'application/json').end('[{"ssn":"123"'),
  ],
  [
    'JSON with a comment',
    (_r, response) =>
      response.setHeader('content-type', 'application/json').end('[/*"*/{"ssn":"123"}]'),
  ],
  [
    'compressed JSON',
    (_r, response) =>
      response
        .setHeader('content-type', 'application/json')
        .setHeader('content-encoding', 'gzip')
        .end(gzipSync('[{"ssn":"123"}]')),
  ],
  [
    'JSON in another charset',
    (_r, response) =>
      response
        .setHeader('content-type', 'application/json; charset=utf-16le')
        .end(Buffer.from('[{"ssn":"123"}]', 'utf16le')),
  ],
  [
    'a part',
    (_r, response) => {
      response.statusCode = 206;
      response.setHeader('content-type', 'application/json').end('[{"ssn":"123"}]');
    },
  ],
];
for (const [what, reply] of UNMASKABLE) {
  test(`answers 502 and not a byte of ${what} when a field must be masked`, () =>
    withBench(async (http) => {
      http.bench.decide = () => decision({ masks: [SSN] });
      http.reply = reply;
      const answer = await http.ask('GET', '/a');
      assert.is(answer.status, 502);
      assert.not.match(answer.body, '123');
      assert.is(((await outcome(http)) as { status: string }).status, 'error');
    }));
}

test('passes an empty answer though fields must be masked', () =>
  withBench(async (http) => {
    http.bench.decide = () => decision({ masks: [SSN] });
    http.reply = (_request, response) => void response.writeHead(201).end();
    const answer = await http.ask('POST', '/a');
    assert.is(answer.status, 201);
    assert.is(answer.body, '');
  }));

test('cuts the connection when JSON breaks after its head was sent', () =>
  withBench(
    async (http) => {
      http.bench.decide = () => decision({ masks: [SSN] });
      http.reply = (_request, response) => {
        response.setHeader('content-type', 'application/json');
        response.end(`[{"a":"${'x'.repeat(5_000)}"},oops {"ssn":"123"}]`);
      };
      const text = await http.raw(
        'GET /a HTTP/1.1\r\nHost: orders.localhost\r\nAuthorization: Bearer good\r\n\r\n',
      );
      assert.not.match(text, '123');
      assert.not.match(text, /\r\n0\r\n/);
    },
    { lookAheadBytes: 100 },
  ));

test('masks each event of a stream as it comes', () =>
  withBench(async (http) => {
    http.bench.decide = () => decision({ masks: [{ ...SSN, field: '/ssn' }] });
    http.reply = (_request, response) => {
      response.setHeader('content-type', 'text/event-stream');
      response.write('data: {"ssn":"1"}\n\n');
      setTimeout(() => response.end('data: {"ssn":"2"}\n\n'), 20);
    };
    const answer = await http.ask('GET', '/a');
    assert.is(answer.body, 'data: {"ssn":"[redacted]"}\n\n'.repeat(2));
  }));

test('masks response headers', () =>
  withBench(async (http) => {
    const masks: Mask[] = [
      { code: 'h', with: 'redact', header: 'x-account', rule: undefined },
      { code: 'n', with: 'null', header: 'x-gone', rule: undefined },
    ];
    http.bench.decide = () => decision({ masks });
    http.reply = (_request, response) =>
      response.setHeader('x-account', '4711').setHeader('x-gone', '1').end();
    const { head } = await http.ask('GET', '/a');
    assert.match(head, /x-account: \[redacted\]/);
    assert.not.match(head, /x-gone/);
  }));

test('sends nothing on when a mask cannot be enforced, but minds no column', () =>
  withBench(async (http) => {
    http.bench.decide = () =>
      decision({ masks: [{ code: 'd', with: 'redact', detector: 'email', rule: undefined }] });
    assert.is(problemOf(await http.ask('GET', '/a')).code, 'mask-unenforceable');
    assert.equal(http.seen, []);
    assert.is(((await outcome(http)) as { status: string }).status, 'aborted');
    http.bench.decide = () =>
      decision({ masks: [{ code: 'c', with: 'redact', column: 'a.b.c', rule: undefined }] });
    assert.is((await http.ask('GET', '/a')).status, 200);
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
      secrets: { reveal: async () => '' },
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
