import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { envoyAnswer, envoyInput } from '../../../control/serve/envoy-input.ts';
import { writeJson } from '../../../engine/value/json.ts';
import { fromPlain, toPlain } from '../../../engine/value/plain.ts';

const test = suite('control/serve/envoy-input');

const answer = (result: unknown) =>
  envoyAnswer(result === undefined ? undefined : fromPlain(result));

test('only true, and an object whose allowed is true, let a request pass', () => {
  assert.is(answer(true).status, 200);
  assert.is(answer({ allowed: true }).status, 200);
  const others = [
    undefined,
    false,
    null,
    1,
    'true',
    [true],
    {},
    { allowed: 'true' },
    { allow: true },
  ];
  for (const other of others) assert.is(answer(other).status, 403, JSON.stringify(other));
});

test('a denial has the status of the policy where Envoy takes it for a denial', () => {
  for (const status of [300, 302, 401, 404, 499]) {
    assert.is(answer({ allowed: false, http_status: status }).status, status);
  }
  for (const status of [100, 200, 204, 299, 500, 503, 401.5, '401', -1]) {
    assert.is(answer({ allowed: false, http_status: status }).status, 403, String(status));
  }
});

test('headers that could end a header, or belong to the connection, deny the request', () => {
  const bad = [
    { 'x-a': 'b\r\nx-c: d' },
    { 'x-a': 'b\n' },
    { 'x a': 'b' },
    { '': 'b' },
    { 'x-a': 'é' },
    { 'x-a': 1 },
    { 'Transfer-Encoding': 'chunked' },
    { 'content-length': '0' },
    ['x-a'],
  ];
  for (const headers of bad) {
    assert.is(answer({ allowed: true, headers }).status, 403, JSON.stringify(headers));
    assert.equal(answer({ allowed: true, headers }).headers, {});
  }
  const good = answer({ allowed: true, headers: { 'X-A': 'b', 'x-c': ['d', 'e'] } });
  assert.equal([good.status, good.headers], [200, { 'x-a': 'b', 'x-c': ['d', 'e'] }]);
});

test('the input has no token, and segments that cannot be decoded as they were sent', () => {
  const input = envoyInput({
    method: 'GET',
    target: '/a%2Fb/%zz/?x=1&x=2&__proto__=3',
    headers: { host: 'shop', 'sallyport-token': 'secret', 'x-user': 'ada' },
    body: '',
  });
  assert.not.match(writeJson(input), 'secret');
  const plain = toPlain(input) as Readonly<Record<string, unknown>>;
  assert.equal(plain['parsed_path'], ['a/b', '%zz', '']);
  assert.match(writeJson(input), '"parsed_query":{"__proto__":["3"],"x":["1","2"]}');
});

test('a body is parsed only where it is all of a JSON document', () => {
  const parsed = (type: string, body: string, headers = {}) => {
    const request = { method: 'POST', target: '/', headers: { 'content-type': type, ...headers } };
    const input = toPlain(envoyInput({ ...request, body })) as Readonly<Record<string, unknown>>;
    return [input['parsed_body'], input['truncated_body']];
  };
  assert.equal(parsed('application/json', '{"a":1}'), [{ a: 1 }, false]);
  assert.equal(parsed('application/problem+json; x=y', '{"a":1}'), [{ a: 1 }, false]);
  assert.equal(parsed('text/plain', '{"a":1}'), [null, false]);
  assert.equal(parsed('application/json', '{"a":'), [null, false]);
  const partial = { 'x-envoy-auth-partial-body': 'true' };
  assert.equal(parsed('application/json', '{"a":1}', partial), [null, true]);
});

test.run();
