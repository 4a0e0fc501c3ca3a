import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { decision, demand, until } from '../support/gate-ports.ts';
import { type HttpBench, openHttpBench, withBench } from '../support/http-gateway.ts';

const test = suite('bypass/http');
let http: HttpBench;
test.before(async () => {
  http = await openHttpBench({ headersTimeoutMs: 1_000, requestTimeoutMs: 2_000 });
});
test.before.each(() => {
  http.seen.length = 0;
});
test.after(() => http.close());

const START = 'Host: orders.localhost\r\nAuthorization: Bearer good\r\n';
const post = (headers: string, body: string): string =>
  `POST /a HTTP/1.1\r\n${START}${headers}\r\n\r\n${body}`;

/** Bytes that two servers could read as different requests. None may reach the target, in any reading. */
const SMUGGLED: readonly (readonly [string, string])[] = [
  [
    'a length and a transfer encoding',
    post('Content-Length: 4\r\nTransfer-Encoding: chunked', '0\r\n\r\n'),
  ],
  [
    'a transfer encoding and a length',
    post('Transfer-Encoding: chunked\r\nContent-Length: 4', '0\r\n\r\n'),
  ],
  ['two different lengths', post('Content-Length: 3\r\nContent-Length: 4', 'abcd')],
  ['two equal lengths', post('Content-Length: 3\r\nContent-Length: 3', 'abc')],
  ['a list of lengths', post('Content-Length: 3, 3', 'abc')],
  ['a signed length', post('Content-Length: +3', 'abc')],
  ['a hexadecimal length', post('Content-Length: 0x3', 'abc')],
  ['a negative length', post('Content-Length: -1', '')],
  ['an unknown transfer encoding', post('Transfer-Encoding: gzip, chunked', '0\r\n\r\n')],
  ['an unreal transfer encoding', post('Transfer-Encoding: xchunked', '0\r\n\r\n')],
  [
    'two transfer encodings',
    post('Transfer-Encoding: chunked\r\nTransfer-Encoding: identity', '0\r\n\r\n'),
  ],
  ['a quoted transfer encoding', post('Transfer-Encoding: "chunked"', '0\r\n\r\n')],
  ['a space before the colon', post('Transfer-Encoding : chunked', '0\r\n\r\n')],
  ['a tab in a header name', post('Transfer\t-Encoding: chunked', '0\r\n\r\n')],
  ['an underscore for a hyphen in the transfer encoding', post('Transfer_Encoding: chunked', '')],
  ['an underscore for a hyphen in the length', post('Content_Length: 3', '')],
  ['an underscore for a hyphen in a proxy header', post('X_Forwarded_For: 1.1.1.1', '')],
  ['a folded header', post('X-A: b\r\n Transfer-Encoding: chunked', '')],
  ['a folded first header', `POST /a HTTP/1.1\r\n X: y\r\n${START}\r\n`],
  ['a bare line feed in the headers', `GET /a HTTP/1.1\n${START}\r\n`],
  ['a bare carriage return in a header', post('X-A: b\rTransfer-Encoding: chunked', '')],
  ['a NUL in a header', post('X-A: b\0c', '')],
  ['a bad chunk size', post('Transfer-Encoding: chunked', 'zz\r\nabc\r\n0\r\n\r\n')],
  ['a signed chunk size', post('Transfer-Encoding: chunked', '+3\r\nabc\r\n0\r\n\r\n')],
  [
    'a chunk size beyond 64 bits',
    post('Transfer-Encoding: chunked', 'fffffffffffffffff\r\nabc\r\n0\r\n\r\n'),
  ],
  ['a chunk without its end', post('Transfer-Encoding: chunked', '3\r\nabcX\r\n0\r\n\r\n')],
  [
    'a bare line feed after a chunk size',
    post('Transfer-Encoding: chunked', '3\nabc\r\n0\r\n\r\n'),
  ],
  [
    'a line feed in a chunk extension',
    post('Transfer-Encoding: chunked', '3;a\nb\r\nabc\r\n0\r\n\r\n'),
  ],
  ['two hosts', `GET /a HTTP/1.1\r\n${START}Host: payments.localhost\r\n\r\n`],
  ['the same host twice', `GET /a HTTP/1.1\r\n${START}Host: orders.localhost\r\n\r\n`],
  ['no host', 'GET /a HTTP/1.1\r\nAuthorization: Bearer good\r\n\r\n'],
  [
    'a host with a user part',
    'GET /a HTTP/1.1\r\nHost: x@orders.localhost\r\nAuthorization: Bearer good\r\n\r\n',
  ],
  [
    'a host with a path',
    'GET /a HTTP/1.1\r\nHost: orders.localhost/x\r\nAuthorization: Bearer good\r\n\r\n',
  ],
  ['another host in the target', `GET http://payments.localhost/a HTTP/1.1\r\n${START}\r\n`],
  ['a user part in the target', `GET http://orders.localhost@evil.test/a HTTP/1.1\r\n${START}\r\n`],
  ['a target that is no path', `GET orders.localhost:443 HTTP/1.1\r\n${START}\r\n`],
  ['CONNECT', `CONNECT orders.localhost:443 HTTP/1.1\r\n${START}\r\n`],
  ['TRACE', `TRACE /a HTTP/1.1\r\n${START}\r\n`],
  ['HTTP/0.9', 'GET /a\r\n\r\n'],
  ['HTTP/2 in the clear', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  ['an unknown version', `GET /a HTTP/1.9\r\n${START}\r\n`],
  ['a space in the path', `GET /a b HTTP/1.1\r\n${START}\r\n`],
  ['two tokens', `GET /a HTTP/1.1\r\n${START}Authorization: Bearer good2\r\n\r\n`],
  [
    'two different tokens in two fields',
    `GET /a HTTP/1.1\r\n${START}Proxy-Authorization: Bearer good2\r\n\r\n`,
  ],
  ['an unknown expectation', post('Expect: a-miracle\r\nContent-Length: 0', '')],
  ['a method override', post('X-HTTP-Method-Override: DELETE\r\nContent-Length: 0', '')],
  [
    'a method override with underscores',
    post('X_HTTP_Method_Override: DELETE\r\nContent-Length: 0', ''),
  ],
  ['a path override', `GET /a HTTP/1.1\r\n${START}X-Original-URL: /admin\r\n\r\n`],
  [
    'two content types',
    post('Content-Type: text/plain\r\nContent-Type: application/json\r\nContent-Length: 2', '{}'),
  ],
  [
    'two content types in one',
    post('Content-Type: text/plain, application/json\r\nContent-Length: 2', '{}'),
  ],
];
for (const [what, bytes] of SMUGGLED) {
  test(`sends nothing on for ${what}`, async () => {
    const answer = await http.raw(`${bytes}GET /smuggled HTTP/1.1\r\n${START}\r\n`);
    const first = http.seen[0];
    // Bytes after a refused request may be read as one of their own only when that request was read to its end.
    assert.not.ok(
      http.seen.some((request) => request.url === '/a'),
      JSON.stringify(first),
    );
    assert.match(answer, /^(?:HTTP\/1\.1 (?:4|5)\d\d |$)/);
  });
}

const PATHS: readonly (readonly [string, string])[] = [
  ['an encoded slash', '/a%2fadmin'],
  ['an encoded slash, upper case', '/a%2Fadmin'],
  ['an encoded backslash', '/a%5cadmin'],
  ['a backslash', '/a\\admin'],
  ['an encoded NUL', '/a%00.txt'],
  ['an encoded dot segment', '/a/%2e%2e/admin'],
  ['a half encoded dot segment', '/a/.%2e/admin'],
  ['a double encoding', '/a/%252e%252e/admin'],
  ['a double encoded slash', '/a%252fadmin'],
  ['a path above the root', '/../admin'],
  ['an empty segment', '//admin'],
  ['an empty segment inside', '/a//admin'],
  ['a matrix parameter', '/a/..;x=y/admin'],
  ['a path parameter', '/admin;x'],
  ['a fragment', '/a#/admin'],
  ['a broken escape', '/a%2'],
  ['no hexadecimal escape', '/a%zz'],
  ['an overlong UTF-8 slash', '/a%c0%afadmin'],
  ['bytes that are no UTF-8', '/a%ff'],
  ['an encoded line feed', '/a%0ab'],
  ['an encoded escape character', '/a%1bb'],
  ['raw bytes above ASCII', '/caf\u00e9'],
  ['a NUL in the query', '/a?x=%00'],
  ['a broken escape in the query', '/a?x=%f'],
];
for (const [what, path] of PATHS) {
  test(`refuses ${what} in the target`, async () => {
    const { status } = await http.ask('GET', path);
    assert.is(status, 400);
    assert.equal(http.seen, []);
  });
}

test('lets no client speak as a proxy, as a user or with the credential of the target', async () => {
  await http.ask('GET', '/a', {
    headers: [
      'X-Forwarded-For: 6.6.6.6',
      'X-Forwarded-User: root',
      'Forwarded: for=6.6.6.6',
      'X-Real-IP: 6.6.6.6',
      'Remote-User: root',
      'Impersonate-User: root',
      'X-Sallyport-Action: forged',
      'X-Api-Key: mine',
      'Cookie: session=1',
      'Connection: close, Authorization, X-Forwarded-For, X-Hop',
      'X-Hop: 1',
    ],
  });
  const headers = http.seen[0]?.headers ?? {};
  assert.is(headers['x-forwarded-for'], '127.0.0.1');
  assert.is(headers['authorization'], 'Bearer secret-of-target-key');
  assert.not.match(String(headers['x-sallyport-action']), 'forged');
  for (const name of [
    'x-forwarded-user',
    'forwarded',
    'x-real-ip',
    'remote-user',
    'impersonate-user',
    'x-api-key',
    'cookie',
    'x-hop',
  ]) {
    assert.is(headers[name], undefined, name);
  }
});

test('uses the connection of one identity for no other', async () => {
  const two = [1, 2].map(
    (n) => `GET /${n} HTTP/1.1\r\nHost: orders.localhost\r\nAuthorization: Bearer good${n}\r\n\r\n`,
  );
  await http.raw(two.join(''));
  assert.equal(
    http.seen.map((request) => request.url),
    ['/1', '/2'],
  );
  assert.is.not(http.seen[0]?.connection, http.seen[1]?.connection);
  const subjects = http.bench.entries.flatMap(({ entry }) =>
    entry.type === 'session.opened' ? [entry.identity.subject] : [],
  );
  assert.equal(subjects.slice(-2), ['good1', 'good2']);
});

test('closes a client that never ends its headers', async () => {
  const started = Date.now();
  const answer = await http.raw(`GET /a HTTP/1.1\r\n${START}X-Slow: `, 8_000);
  assert.match(answer, /^HTTP\/1\.1 408 /);
  assert.ok(Date.now() - started < 8_000);
});

test('closes a client that never ends its body', async () => {
  const answer = await http.raw(post('Content-Length: 10', 'abc'), 8_000);
  assert.match(answer, /^HTTP\/1\.1 408 |^$/);
  assert.equal(http.seen, []);
});

test('refuses headers beyond their limits', async () => {
  assert.match(
    await http.raw(`GET /a HTTP/1.1\r\n${START}X: ${'y'.repeat(40_000)}\r\n\r\n`),
    /^HTTP\/1\.1 431 /,
  );
  const many = Array.from({ length: 140 }, (_, n) => `X-${n}: y\r\n`).join('');
  assert.match(await http.raw(`GET /a HTTP/1.1\r\n${START}${many}\r\n`), /^HTTP\/1\.1 431 /);
  assert.equal(http.seen, []);
});

test('an approval shows, and is bound to, every header that changes what is done', () =>
  withBench(async (held) => {
    held.bench.decide = () =>
      decision({ effect: 'require_approval', approvals: [demand({ code: 'write' })] });
    const variants = [
      [],
      ['Prefer: resolution=merge-duplicates'],
      ['X-Amz-Target: DynamoDB_20120810.DeleteTable'],
      ['If-Match: *'],
    ];
    for (const headers of [...variants, ['Prefer: wait=20']]) {
      const asked = held.bench.asked.length;
      const answered = held.ask('POST', '/rows', { headers });
      await until(() => held.bench.asked.length > asked);
      held.bench.asked.at(-1)?.answer({ kind: 'denied', by: 'dora', note: undefined });
      await answered;
    }
    const requests = held.bench.asked.map(({ request }) => request);
    variants.forEach((headers, at) => {
      for (const header of headers) {
        const value = header.split(': ')[1] ?? '';
        assert.ok(requests[at]?.text.includes(value), requests[at]?.text);
      }
    });
    const digests = requests.map(({ digest }) => digest);
    assert.is(new Set(digests).size, variants.length);
    assert.is(digests.at(-1), digests[0]);
  }));

for (const [what, body] of [
  ['much white space before it', `${' '.repeat(500)}{"role":"admin"}`],
  ['a byte order mark before it', '\ufeff{"role":"admin"}'],
] as const) {
  test(`a policy sees JSON under another type with ${what}`, async () => {
    http.bench.decide = ({ action }) => {
      const seen = action.kind === 'http' ? action.http.body : undefined;
      return decision({ effect: JSON.stringify(seen)?.includes('admin') ? 'block' : 'allow' });
    };
    await http.ask('POST', '/a', { headers: ['Content-Type: text/plain'], body });
    http.bench.decide = () => decision();
    assert.equal(http.seen, []);
  });
}

test('JSON that two readers take differently is refused under any type', async () => {
  const body = '{"role":"user","role":"admin"}';
  const answer = await http.ask('POST', '/a', { headers: ['Content-Type: text/plain'], body });
  assert.is(answer.status, 400);
  assert.equal(http.seen, []);
});

test('no spelling of an injected header comes from the client', () =>
  withBench(
    async (injecting) => {
      await injecting.ask('GET', '/a', { headers: ['X_Service_User: root', 'X-Other_Name: kept'] });
      const headers = injecting.seen[0]?.headers ?? {};
      assert.is(headers['x-service-user'], 'Bearer secret-of-user');
      assert.is(headers['x_service_user'], undefined);
      assert.is(headers['x-other_name'], 'kept');
    },
    {},
    { inject: [{ header: 'X-Service-User', value: { id: 'user' } }] },
  ));

test('requests behind one that waits for a person do not pile up', () =>
  withBench(async (held) => {
    held.bench.decide = () =>
      decision({ effect: 'require_approval', approvals: [demand({ code: 'write' })] });
    const one = `GET /a HTTP/1.1\r\n${START}\r\n`;
    const started = Date.now();
    await held.raw(one.repeat(2_000), 20_000);
    assert.ok(Date.now() - started < 15_000);
    assert.ok(held.bench.asked.length <= 1);
    assert.equal(held.seen, []);
  }));

test('a redirect to the target does not become one to another host', async () => {
  http.reply = (request, response) => {
    response.setHeader('location', `http://${request.headers['host']}//evil.test/`);
    response.statusCode = 302;
    response.end();
  };
  const { head } = await http.ask('GET', '/a');
  assert.match(head, /location: \/evil\.test\/\r\n/i);
});

test.run();
