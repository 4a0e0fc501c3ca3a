import { gzipSync } from 'node:zlib';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Mask } from '../../../engine/contract/decision.ts';
import { decision } from '../../support/gate-ports.ts';
import { type HttpBench, outcome, problemOf, withBench } from '../../support/http-gateway.ts';

const test = suite('proxy/http/answer');
const SSN: Mask = { code: 'pii', with: 'redact', field: '/*/ssn', rule: undefined };

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

test.run();
