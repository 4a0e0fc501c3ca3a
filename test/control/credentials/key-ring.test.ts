/**
 * Sealing: what was sealed for one name and version opens for that alone, under its key alone, and unaltered.
 */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Secret } from '../../../control/config/secret.ts';
import { createKeyRing, seal, unseal } from '../../../control/credentials/key-ring.ts';

const ring = suite<{ dir: string }>('control/credentials/key-ring');
ring.before.each((context) => {
  context.dir = mkdtempSync(join(tmpdir(), 'sallyport-keys-'));
});
ring.after.each(({ dir }) => rmSync(dir, { recursive: true, force: true }));

const keyText = (): string => randomBytes(32).toString('base64');
const [key] = createKeyRing({ text: new Secret(keyText()) }).read();
const [otherKey] = createKeyRing({ text: new Secret(keyText()) }).read();
const about = { name: 'shop', version: 7 };

ring('a value comes back as it was, whatever its characters', () => {
  for (const value of ['x', 'pässwörd\n\u{1f512}', 'x'.repeat(16_384)])
    assert.is(unseal(seal(value, about, key), about, key), value);
});

ring('the same value is never sealed the same', () => {
  const seen = new Set(Array.from({ length: 100 }, () => seal('x', about, key)));
  assert.is(seen.size, 100);
});

ring('another name, another version or another key opens nothing', () => {
  const sealed = seal('value', about, key);
  assert.is(unseal(sealed, { name: 'shop2', version: 7 }, key), undefined);
  assert.is(unseal(sealed, { name: 'shop', version: 8 }, key), undefined);
  assert.is(unseal(sealed, about, otherKey), undefined);
});

ring('one changed or missing bit opens nothing', () => {
  const sealed = Buffer.from(seal('value', about, key), 'base64url');
  for (let at = 0; at < sealed.length; at += 1) {
    const altered = Buffer.from(sealed);
    altered[at] = (altered[at] ?? 0) ^ 1;
    assert.is(unseal(altered.toString('base64url'), about, key), undefined, `byte ${at}`);
    assert.is(unseal(sealed.subarray(0, at).toString('base64url'), about, key), undefined);
  }
});

ring('the id of a key tells keys apart and is no part of them', () => {
  assert.is.not(key.id, otherKey.id);
  assert.match(key.id, /^[0-9a-f]{12}$/);
  assert.not.ok(key.bytes.toString('hex').includes(key.id));
});

ring(
  'a file is made once, for its owner alone; a new key goes in front and the old may go',
  ({ dir }) => {
    const file = join(dir, 'keys');
    const keys = createKeyRing({ file });
    const [first] = keys.read();
    assert.is(statSync(file).mode & 0o777, 0o600);
    assert.equal(keys.read()[0].id, first.id);
    const second = keys.rotation?.begin();
    assert.equal(
      keys.read().map(({ id }) => id),
      [second?.id, first.id],
    );
    if (second !== undefined) keys.rotation?.end(second);
    assert.equal(
      keys.read().map(({ id }) => id),
      [second?.id],
    );
    assert.is(statSync(file).mode & 0o777, 0o600);
    assert.is(readFileSync(file, 'utf8').split('\n').length, 2);
  },
);

ring(
  'keys of the configuration are by white space, in base64 or hex, and are not ours to change',
  () => {
    const hex = randomBytes(32).toString('hex');
    const keys = createKeyRing({ text: new Secret(`${keyText()}\n${hex}`) });
    assert.is(keys.read().length, 2);
    assert.is(keys.rotation, undefined);
  },
);

ring('what is no key is refused without being shown', ({ dir }) => {
  for (const text of ['', 'canary', `${keyText()} canary`, randomBytes(16).toString('base64')]) {
    assert.throws(
      () => createKeyRing({ text: new Secret(text) }).read(),
      (error: Error) => /no key/.test(error.message) && !/canary/.test(error.message),
    );
  }
  const file = join(dir, 'keys');
  writeFileSync(file, keyText(), { mode: 0o644 });
  assert.throws(() => createKeyRing({ file }).read(), /can be read by others/);
});

ring.run();
