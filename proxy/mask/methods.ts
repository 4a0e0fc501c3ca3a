/**
 * How one text value is replaced, method by method (names and order: `MASK_METHODS`). Pure; equal values under one key give
 * equal results for `hash`, `tokenize` and `format`, so that joins and counts on masked values still work.
 *
 * Never reveals more than half of a value: `last4` of a five-letter word shows two letters.
 */
import { createHmac, hkdfSync } from 'node:crypto';
import { MASK_METHODS, type MaskMethod } from '../../engine/contract/decision.ts';
import { encryptFf1, isLongEnough } from './ff1.ts';

/** What `redact` puts in place of a value. */
export const REDACTED = '[redacted]';

/** Characters of base 32 in a token: 80 bits. */
const TOKEN_CHARACTERS = 16;
/** Longest run of digits or letters that is encrypted; longer values become tokens (the cost grows with the square). */
const FORMAT_LIMIT = 256;
const STARS = '****';
const DIGITS = '0123456789';
const ALPHANUMERICS = `${DIGITS}ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz`;
const BASE_32 = 'abcdefghijklmnopqrstuvwxyz234567';

/** Keys of one resource's masks; equal values give equal masks within a resource only. */
export interface MaskKey {
  readonly hash: Uint8Array;
  readonly token: Uint8Array;
  /** 32 bytes: AES-256. */
  readonly format: Uint8Array;
}

/** Derives a resource's keys from the installation's secret (at least 16 random bytes); HKDF-SHA-256. */
export function deriveMaskKey(secret: Uint8Array, resource: string): MaskKey {
  const derive = (use: string): Uint8Array =>
    new Uint8Array(hkdfSync('sha256', secret, resource, `sallyport mask ${use}`, 32));
  return { hash: derive('hash'), token: derive('token'), format: derive('format') };
}

/** The stricter of two methods. */
export function strictestMethod(left: MaskMethod, right: MaskMethod): MaskMethod {
  return MASK_METHODS.indexOf(left) <= MASK_METHODS.indexOf(right) ? left : right;
}

/** The mask that wins on one place; undefined for none. The first of equals wins. */
export function strictestMask<M extends { readonly with: MaskMethod }>(
  masks: readonly M[],
): M | undefined {
  return masks.reduce<M | undefined>(
    (best, mask) =>
      best === undefined || MASK_METHODS.indexOf(mask.with) < MASK_METHODS.indexOf(best.with)
        ? mask
        : best,
    undefined,
  );
}

/** The replacement of a value that is not NULL; `null` stands for NULL. */
export function maskText(method: MaskMethod, value: string, key: MaskKey): string | null {
  switch (method) {
    case 'redact':
      return REDACTED;
    case 'null':
      return null;
    case 'hash':
      return createHmac('sha256', key.hash).update(value, 'utf8').digest('hex');
    case 'tokenize':
      return token(value, key);
    case 'format':
      return formatPreserving(value, key);
    case 'last4': {
      const characters = [...value];
      const shown = Math.min(4, Math.floor(characters.length / 2));
      return STARS + characters.slice(characters.length - shown).join('');
    }
    case 'first1': {
      const characters = [...value];
      return (characters.length > 1 ? (characters[0] ?? '') : '') + STARS;
    }
    case 'email':
      return maskEmail(value);
    default:
      return unreachable(method);
  }
}

function token(value: string, key: MaskKey): string {
  const digest = createHmac('sha256', key.token).update(value, 'utf8').digest();
  let bits = 0n;
  for (const byte of digest.subarray(0, (TOKEN_CHARACTERS * 5) / 8)) {
    bits = bits * 256n + BigInt(byte);
  }
  let text = '';
  for (let index = 0; index < TOKEN_CHARACTERS; index += 1) {
    text = (BASE_32[Number(bits % 32n)] ?? '') + text;
    bits /= 32n;
  }
  return `tok_${text}`;
}

/**
 * Digits stay digits, letters and digits stay such, everything else stays where it is. A value that has too few of them, too
 * many, or letters outside ASCII (which would stay readable) becomes a token instead.
 */
function formatPreserving(value: string, key: MaskKey): string {
  const characters = [...value];
  if (characters.some((character) => /[^\x20-\x7e]/.test(character))) return token(value, key);
  const inner = characters.filter((character) => ALPHANUMERICS.includes(character));
  const alphabet = inner.every((character) => DIGITS.includes(character)) ? DIGITS : ALPHANUMERICS;
  if (!isLongEnough(alphabet.length, inner.length) || inner.length > FORMAT_LIMIT) {
    return token(value, key);
  }
  const numerals = inner.map((character) => alphabet.indexOf(character));
  const encrypted = encryptFf1(key.format, new Uint8Array(), alphabet.length, numerals);
  let next = 0;
  return characters
    .map((character) => {
      if (!ALPHANUMERICS.includes(character)) return character;
      const numeral = encrypted[next] ?? 0;
      next += 1;
      return alphabet[numeral] ?? '';
    })
    .join('');
}

/** Keeps the domain and the first letter; what is no address is redacted. */
function maskEmail(value: string): string {
  const match = /^([^@\s]+)@([^@\s]+)$/.exec(value);
  if (match === null) return REDACTED;
  const [, local = '', domain = ''] = match;
  return `${local.length > 1 ? ([...local][0] ?? '') : ''}${STARS}@${domain}`;
}

function unreachable(method: never): never {
  throw new TypeError(`no such mask method: ${String(method)}`);
}
