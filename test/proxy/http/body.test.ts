import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseBody, readMediaType } from '../../../proxy/http/body.ts';
import { describeRequest } from '../../../proxy/http/http-action.ts';
import { DEFAULT_HTTP_LIMITS } from '../../../proxy/http/limits.ts';
import { readTarget } from '../../../proxy/http/request-target.ts';

const test = suite('proxy/http/body');
const JSON_TYPE = { 'content-type': 'application/json' };
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

function parse(body: string | Buffer, headers: Record<string, string> = {}): unknown {
  const parsed = parseBody(Buffer.from(body), headers, DEFAULT_HTTP_LIMITS);
  return parsed.ok ? parsed.body : parsed.status;
}

test('shows JSON and forms to the policy', () => {
  assert.equal(parse('{"a":[1]}', JSON_TYPE), { a: [1] });
  assert.equal(parse('1', { 'content-type': 'application/problem+json; charset=UTF-8' }), 1);
  assert.equal({ ...(parse('a=1&a=2&b=x%20y', FORM) as object) }, { a: ['1', '2'], b: ['x y'] });
});

test('shows JSON that does not say it is', () => {
  assert.equal(parse(' {"a":1}', { 'content-type': 'text/plain' }), { a: 1 });
  assert.equal(parse('[1]'), [1]);
  assert.is(parse('{not json', { 'content-type': 'text/plain' }), undefined);
});

test('leaves other bodies alone', () => {
  assert.is(parse('\x00\x01', { 'content-type': 'application/octet-stream' }), undefined);
  assert.is(parse('', JSON_TYPE), undefined);
});

const REFUSED: readonly (readonly [string, string | Buffer, Record<string, string>, number])[] = [
  ['JSON that is not', '{a:1}', JSON_TYPE, 400],
  ['a member that comes twice', '{"a":{"b":1,"b":2}}', JSON_TYPE, 400],
  ['a member that comes twice behind an escape', '{"a":1,"\\u0061":2}', JSON_TYPE, 400],
  ['a byte order mark', '\ufeff{}', JSON_TYPE, 400],
  ['bytes that are no UTF-8', Buffer.from([0x22, 0xff, 0x22]), JSON_TYPE, 400],
  ['nesting without end', '['.repeat(500), JSON_TYPE, 400],
  ['another charset', '{}', { 'content-type': 'application/json; charset=utf-16' }, 415],
  ['two charsets', '{}', { 'content-type': 'application/json; charset=utf-8; charset=utf-7' }, 415],
  ['a compressed body', 'x', { ...JSON_TYPE, 'content-encoding': 'gzip' }, 415],
  ['a compressed body of any type', 'x', { 'content-encoding': 'br' }, 415],
  ['too much JSON', `"${'x'.repeat(1024 * 1024)}"`, JSON_TYPE, 413],
  ['a form with raw bytes', 'a=\u00e9', FORM, 400],
  ['a form with a broken escape', 'a=%z', FORM, 400],
  ['a form with too many fields', 'a&'.repeat(2_000), FORM, 400],
];
for (const [what, body, headers, status] of REFUSED) {
  test(`refuses ${what}`, () => {
    assert.is(parse(body, headers), status);
  });
}

test('reads exactly one media type', () => {
  assert.equal(readMediaType('Application/JSON; charset="UTF-8"'), {
    essence: 'application/json',
    charset: 'utf-8',
  });
  for (const field of ['json', 'a/b, c/d', 'a/b/c', '', '/'])
    assert.is(readMediaType(field), undefined);
});

function describe(
  method: string,
  path: string,
  more: { body?: string; headers?: Record<string, string> } = {},
) {
  const reading = readTarget(path, 10);
  if (!reading.ok) throw new Error(reading.why);
  return describeRequest({
    method,
    target: reading.target,
    headers: more.headers ?? {},
    host: 'orders.test',
    bytes: Buffer.from(more.body ?? ''),
    body: undefined,
    isUpgrade: false,
  });
}

test('classes methods by what they do, and what is odd as unknown', () => {
  for (const method of ['GET', 'HEAD', 'OPTIONS']) assert.is(describe(method, '/').class, 'read');
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE'])
    assert.is(describe(method, '/').class, 'write');
  for (const method of ['PROPFIND', 'get', 'constructor'])
    assert.is(describe(method, '/').class, 'unknown');
  assert.is(describe('GET', '/', { body: '{}' }).class, 'unknown');
});

test('gives another digest for every other request, and the same for the same', () => {
  const requests = [
    describe('POST', '/a'),
    describe('PUT', '/a'),
    describe('POST', '/b'),
    describe('POST', '/a?x'),
    describe('POST', '/a?x='),
    describe('POST', '/a', { body: 'x' }),
    describe('POST', '/a', { headers: { 'x-tenant': '1' } }),
    describe('POST', '/a', { headers: { 'x-tenant': '2' } }),
  ];
  assert.is(new Set(requests.map((request) => request.digest)).size, requests.length);
  const again = describe('POST', '/a', { headers: { traceparent: 'x', 'user-agent': 'y' } });
  assert.is(again.digest, requests[0]?.digest);
});

test.run();
