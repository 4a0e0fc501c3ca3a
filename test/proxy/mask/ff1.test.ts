/**
 * FF1 against the samples published with NIST SP 800-38G.
 */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { encryptFf1, isLongEnough } from '../../../proxy/mask/ff1.ts';

const test = suite('proxy/mask/ff1');
const ALPHABET = '0123456789abcdefghijklmnopqrstuvwxyz';
const KEY = '2B7E151628AED2A6ABF7158809CF4F3CEF4359D8D580AA4F7F036D6F04FC6A94';
const DIGITS_TWEAK = '39383736353433323130';
const LETTERS_TWEAK = '3737373770717273373737';

// The nine samples published with SP 800-38G.
const SAMPLES = [
  [16, 10, '', '0123456789', '2433477484'],
  [16, 10, DIGITS_TWEAK, '0123456789', '6124200773'],
  [16, 36, LETTERS_TWEAK, '0123456789abcdefghi', 'a9tv40mll9kdu509eum'],
  [24, 10, '', '0123456789', '2830668132'],
  [24, 10, DIGITS_TWEAK, '0123456789', '2496655549'],
  [24, 36, LETTERS_TWEAK, '0123456789abcdefghi', 'xbj3kv35jrawxv32ysr'],
  [32, 10, '', '0123456789', '6657667009'],
  [32, 10, DIGITS_TWEAK, '0123456789', '1001623463'],
  [32, 36, LETTERS_TWEAK, '0123456789abcdefghi', 'xs8a0azh2avyalyzuwd'],
] as const;

for (const [index, [keyBytes, radix, tweak, plain, cipher]] of SAMPLES.entries()) {
  test(`sample ${index + 1} of the standard`, () => {
    const key = Buffer.from(KEY, 'hex').subarray(0, keyBytes);
    const numerals = [...plain].map((character) => ALPHABET.indexOf(character));
    const result = encryptFf1(key, Buffer.from(tweak, 'hex'), radix, numerals);
    assert.is(result.map((numeral) => ALPHABET[numeral]).join(''), cipher);
  });
}

test('a domain under a million is too small', () => {
  assert.not(isLongEnough(10, 5));
  assert.ok(isLongEnough(10, 6));
  assert.not(isLongEnough(62, 3));
  assert.ok(isLongEnough(62, 4));
});

test('encryption of a whole small domain is a permutation', () => {
  const key = Buffer.from(KEY, 'hex');
  const seen = new Set<string>();
  for (let value = 0; value < 1_000; value += 1) {
    const numerals = [...String(value).padStart(3, '0')].map(Number);
    seen.add(encryptFf1(key, new Uint8Array(), 10, numerals).join(''));
  }
  assert.is(seen.size, 1_000);
});

test.run();
