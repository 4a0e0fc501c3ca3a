/**
 * What each mask method does to a value.
 */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  deriveMaskKey,
  maskText,
  REDACTED,
  strictestMask,
  strictestMethod,
} from '../../../proxy/mask/methods.ts';

const test = suite('proxy/mask/methods');
const secret = new Uint8Array(32).fill(7);
const key = deriveMaskKey(secret, 'shop');
const other = deriveMaskKey(secret, 'payroll');

test('redact and null keep nothing of the value', () => {
  assert.is(maskText('redact', 'secret', key), REDACTED);
  assert.is(maskText('null', 'secret', key), null);
});

test('a hash is stable within a resource and differs between resources', () => {
  const hash = maskText('hash', 'ada@example.com', key);
  assert.match(hash ?? '', /^[0-9a-f]{64}$/);
  assert.is(maskText('hash', 'ada@example.com', key), hash);
  assert.is.not(maskText('hash', 'ada@example.com', other), hash);
  assert.is.not(maskText('hash', 'bob@example.com', key), hash);
});

test('a token is stable within a resource and unlike the hash', () => {
  const token = maskText('tokenize', 'ada', key) ?? '';
  assert.match(token, /^tok_[a-z2-7]{16}$/);
  assert.is(maskText('tokenize', 'ada', key), token);
  assert.is.not(maskText('tokenize', 'ada', other), token);
});

test('last4 shows the end, and never more than half', () => {
  assert.is(maskText('last4', '4111111111111234', key), '****1234');
  assert.is(maskText('last4', 'abcde', key), '****de');
  assert.is(maskText('last4', 'a', key), '****');
  assert.is(maskText('last4', '', key), '****');
});

test('first1 shows the first character, whole even outside the basic plane', () => {
  assert.is(maskText('first1', 'Ada', key), 'A****');
  assert.is(maskText('first1', '😀da', key), '😀****');
  assert.is(maskText('first1', 'A', key), '****');
});

test('email keeps the domain, and redacts what is no address', () => {
  assert.is(maskText('email', 'ada@example.com', key), 'a****@example.com');
  assert.is(maskText('email', 'a@example.com', key), '****@example.com');
  assert.is(maskText('email', 'ada at example', key), REDACTED);
  assert.is(maskText('email', 'two@at@example.com', key), REDACTED);
});

test('format keeps digits digits, letters in their alphabet and punctuation in place', () => {
  const card = maskText('format', '4111-1111-1111-1234', key) ?? '';
  assert.match(card, /^\d{4}-\d{4}-\d{4}-\d{4}$/);
  assert.is.not(card, '4111-1111-1111-1234');
  assert.is(maskText('format', '4111-1111-1111-1234', key), card);
  assert.match(maskText('format', 'AB12-cd34', key) ?? '', /^[0-9A-Za-z]{4}-[0-9A-Za-z]{4}$/);
});

test('format falls back to a token where too little or foreign text would stay readable', () => {
  for (const value of ['12345', 'Иванов Иван', '', '9'.repeat(257)]) {
    assert.match(maskText('format', value, key) ?? '', /^tok_/, value);
  }
});

test('the strictest of several masks wins', () => {
  assert.is(strictestMethod('email', 'hash'), 'hash');
  assert.is(strictestMethod('redact', 'null'), 'redact');
  const masks = [
    { with: 'last4' as const, code: 'a' },
    { with: 'null' as const, code: 'b' },
  ];
  assert.is(strictestMask(masks)?.code, 'b');
  assert.is(strictestMask([]), undefined);
});

test.run();
