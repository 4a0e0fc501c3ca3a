/** Tokens and keys: signatures made here with node:crypto, verified by the builtins; every tampering is noticed. */
import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { callBuiltin } from '../../support/builtin-calls.ts';

const test = suite('engine/builtins/tokens');

const encode = (data: unknown): string => Buffer.from(JSON.stringify(data)).toString('base64url');
const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
const pem = publicKey.export({ type: 'spki', format: 'pem' });

function signed(header: object, claims: object): string {
  const text = `${encode(header)}.${encode(claims)}`;
  const key = { key: privateKey, dsaEncoding: 'ieee-p1363' } as const;
  return `${text}.${sign('sha256', Buffer.from(text), key).toString('base64url')}`;
}

function authenticated(claims: object, secret: string): string {
  const text = `${encode({ alg: 'HS256' })}.${encode(claims)}`;
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
}

test('verifies with a PEM key and with a key set, and with no other key', () => {
  const token = signed({ alg: 'ES256', kid: 'k1' }, { sub: 'a' });
  const set = JSON.stringify({ keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'k1' }] });
  assert.is(callBuiltin('io.jwt.verify_es256', token, pem), 'true');
  assert.is(callBuiltin('io.jwt.verify_es256', token, set), 'true');
  const other = generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).publicKey;
  const wrong = other.export({ type: 'spki', format: 'pem' });
  assert.is(callBuiltin('io.jwt.verify_es256', token, wrong), 'false');
  assert.is(callBuiltin('io.jwt.verify_rs256', token, pem), 'false');
});

test('notices a changed payload', () => {
  const [header, , signature] = signed({ alg: 'ES256' }, { sub: 'a' }).split('.');
  const forged = `${header}.${encode({ sub: 'root' })}.${signature}`;
  assert.is(callBuiltin('io.jwt.verify_es256', forged, pem), 'false');
  assert.is(callBuiltin('io.jwt.decode_verify', forged, { cert: pem }), '[false,{},{}]');
});

test('does not take a public key for a secret', () => {
  const forged = authenticated({ sub: 'root' }, String(pem));
  assert.is(callBuiltin('io.jwt.decode_verify', forged, { cert: pem }), '[false,{},{}]');
});

test('refuses unsigned tokens and unknown critical headers', () => {
  const unsigned = `${encode({ alg: 'none' })}.${encode({})}.`;
  assert.is(callBuiltin('io.jwt.decode_verify', unsigned, { cert: pem }), '[false,{},{}]');
  const critical = signed({ alg: 'ES256', crit: ['x'], x: 1 }, {});
  assert.is(callBuiltin('io.jwt.decode_verify', critical, { cert: pem }), '[false,{},{}]');
});

test('holds expiry, issuer and audience against the time of the decision', () => {
  const claims = { exp: 1_700_000_001, nbf: 1_700_000_000, iss: 'i', aud: ['a', 'b'] };
  const token = authenticated(claims, 's3cret');
  const verify = (constraints: object): string =>
    callBuiltin('io.jwt.decode_verify', token, { secret: 's3cret', aud: 'a', ...constraints });
  assert.match(verify({}), /^\[true,/);
  assert.match(verify({ iss: 'i' }), /^\[true,/);
  assert.is(verify({ iss: 'j' }), '[false,{},{}]');
  assert.is(verify({ aud: 'c' }), '[false,{},{}]');
  assert.is(verify({ time: 1_700_000_001_000_000_000n }), '[false,{},{}]');
  assert.is(verify({ time: 1_699_999_999_000_000_000n }), '[false,{},{}]');
  assert.is(verify({ hour: 1 }), 'fault: unknown token validation constraint: hour');
});

test('answers malformed keys and certificates with a fault', () => {
  const token = signed({ alg: 'ES256' }, {});
  assert.match(callBuiltin('io.jwt.verify_es256', token, 'x'), /^fault: failed to parse a JWK key/);
  assert.match(callBuiltin('io.jwt.verify_es256', token, `${pem}x`), /^fault: extra data after/);
  assert.is(
    callBuiltin('crypto.x509.parse_certificates', 'YmFkc3RyaW5n'),
    'fault: x509: malformed certificate',
  );
  assert.match(callBuiltin('crypto.x509.parse_certificates', 'foobar'), /^fault: illegal base64/);
  assert.is(callBuiltin('crypto.parse_private_keys', 'nope'), '[]');
});

test.run();
