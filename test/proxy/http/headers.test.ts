import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readHost, readToken, resourceOf } from '../../../proxy/http/credential.ts';
import { readHeaders, rebuildResponseHeaders } from '../../../proxy/http/headers.ts';

const test = suite('proxy/http/headers');

function forwarded(...raw: string[]): Record<string, string> | string {
  const reading = readHeaders(raw, 50);
  return reading.ok ? { ...reading.headers.forwarded } : reading.why;
}

test('lowers names, trims values and joins lists', () => {
  assert.equal(forwarded('Accept', 'a', 'X-Tenant', ' t ', 'accept', 'b'), {
    accept: 'a, b',
    'x-tenant': 't',
  });
});

test('drops what the connection header names', () => {
  assert.equal(forwarded('Connection', 'keep-alive, X-Hop', 'X-Hop', '1', 'X-Stay', '2'), {
    'x-stay': '2',
  });
});

test('takes two names that one server reads as one for a duplicate', () => {
  assert.is(forwarded('X-Tenant', 'a', 'X_Tenant', 'b'), 'the header `x-tenant` comes twice');
  assert.is(forwarded('X_Tenant', 'a', 'X-Tenant', 'b'), 'the header `x-tenant` comes twice');
  assert.equal(forwarded('session_id', 'a'), { session_id: 'a' });
});

test('takes the reason of the client out, under its one name', () => {
  const reading = readHeaders(
    ['Sallyport-Reason', Buffer.from('für INC-7').toString('latin1'), 'X-Stay', '2'],
    50,
  );
  assert.is(reading.ok ? reading.headers.reason : '', 'für INC-7');
  assert.equal(reading.ok ? { ...reading.headers.forwarded } : {}, { 'x-stay': '2' });
  assert.is(forwarded('Sallyport_Reason', 'a'), 'the header `sallyport_reason` imitates another');
});

test('refuses more headers than its limit', () => {
  assert.not(
    readHeaders(
      Array.from({ length: 120 }, (_, n) => `x${n}`),
      50,
    ).ok,
  );
});

test('rebuilds a response without what would go round the gateway or show a credential', () => {
  const rebuilt = rebuildResponseHeaders(
    {
      'content-type': 'text/plain',
      'set-cookie': ['a=b'],
      'alt-svc': 'h3=":443"',
      'www-authenticate': 'Basic',
      connection: 'close, x-hop',
      'x-hop': '1',
      location: 'http://10.0.0.1:80/next?x',
      etag: '"e"',
    },
    { isMasked: false, targetOrigin: 'http://10.0.0.1:80' },
  );
  assert.equal({ ...rebuilt }, { 'content-type': 'text/plain', location: '/next?x', etag: '"e"' });
});

test('drops what speaks of the unmasked bytes from a masked response', () => {
  const rebuilt = rebuildResponseHeaders(
    { 'content-length': '9', etag: '"e"', 'content-md5': 'x', digest: 'y', 'x-a': '1' },
    { isMasked: true, targetOrigin: 'http://t' },
  );
  assert.equal({ ...rebuilt }, { 'x-a': '1' });
});

test('finds the token in every form a client sends it', () => {
  const basic = Buffer.from('me:tok.en').toString('base64');
  for (const field of ['Bearer tok.en', 'bearer  tok.en', `Basic ${basic}`]) {
    assert.equal(readToken(field, undefined), { ok: true, token: 'tok.en' });
    assert.equal(readToken(undefined, field), { ok: true, token: 'tok.en' });
  }
  assert.equal(readToken(`Basic ${basic}`, 'Bearer tok.en'), { ok: true, token: 'tok.en' });
  assert.equal(readToken(undefined, undefined), { ok: true, token: undefined });
});

test('takes no other scheme, no empty password and no two tokens', () => {
  const empty = Buffer.from('me:').toString('base64');
  for (const field of ['Digest x', 'Bearer', 'Bearer a b', `Basic ${empty}`, 'Basic ?']) {
    assert.not(readToken(field, undefined).ok, field);
  }
  assert.not(readToken('Bearer a', 'Bearer b').ok);
});

test('finds the resource in the host', () => {
  const hosts = { 'api.example.test': 'orders' };
  assert.is(resourceOf(readHost('API.example.test:8080') ?? '', hosts), 'orders');
  assert.is(resourceOf(readHost('shop.localhost.') ?? '', hosts), 'shop');
  assert.is(resourceOf('127.0.0.1', hosts), undefined);
  assert.is(resourceOf('constructor', hosts), 'constructor');
});

for (const host of ['', 'a b', 'a/b', 'a@b', '[::1]', 'a..b:x', '-a', 'a,b', 'a%2eb']) {
  test(`takes \`${host}\` for no host`, () => {
    assert.is(readHost(host), undefined);
  });
}

test.run();
