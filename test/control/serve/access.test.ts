import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { assertGuarded, bearerOf, createAccess } from '../../../control/serve/access.ts';

const test = suite('control/serve/access');
const ASK = 'a-token-of-some-length';
const CHANGE = 'another-token-for-data';

test('an address that others reach is refused without a token', () => {
  const none = { ask: undefined, change: CHANGE };
  for (const host of ['0.0.0.0', '::', '10.0.0.1', 'example.com', '127.0.0.1.example.com', '']) {
    assert.throws(() => assertGuarded(host, none), /anyone may ask/, host);
    assertGuarded(host, { ask: ASK, change: undefined });
  }
  for (const host of ['127.0.0.1', '127.9.9.9', '::1', 'localhost']) assertGuarded(host, none);
});

test('a token asks, another changes data and asks too', () => {
  const access = createAccess({ ask: ASK, change: CHANGE });
  access.assertAsks(ASK);
  access.assertAsks(CHANGE);
  access.assertChanges(CHANGE);
  for (const wrong of [undefined, '', `${ASK}x`, ASK.slice(1)]) {
    assert.throws(() => access.assertAsks(wrong), /bearer token/);
  }
  assert.throws(() => access.assertChanges(ASK), /bearer token/);
});

test('without tokens anyone asks and nobody changes data', () => {
  const access = createAccess({ ask: undefined, change: undefined });
  access.assertAsks(undefined);
  assert.throws(() => access.assertChanges(undefined), /--data-token-file/);
  assert.throws(() => access.assertChanges(''), /--data-token-file/);
});

test('a token that can be guessed is none', () => {
  assert.throws(() => createAccess({ ask: 'short', change: undefined }), /shorter than 16/);
  assert.throws(() => createAccess({ ask: undefined, change: '' }), /shorter than 16/);
});

test('a bearer token is one word after its scheme', () => {
  assert.is(bearerOf('Bearer abc'), 'abc');
  assert.is(bearerOf('bearer  abc '), 'abc');
  for (const none of [undefined, '', 'abc', 'Basic abc', 'Bearer', 'Bearer a b']) {
    assert.is(bearerOf(none), undefined);
  }
});

test.run();
