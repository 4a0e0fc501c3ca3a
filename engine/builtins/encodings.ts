/** base64, base64url, hex and URL query encoding. OPA topdown/encoding.go; errors as Go's decoders word them. */
import { bytesOf, textOf } from '../value/bytes.ts';
import { compareStrings, isArray, isSet } from '../value/compare.ts';
import { type BuiltinFault, builtinError, isFault } from '../value/fault.ts';
import { jsonKey } from '../value/json.ts';
import { RegoObject } from '../value/object.ts';
import { quoteText } from '../value/text.ts';
import type { Value } from '../value/value.ts';
import type { BuiltinFunction } from './context.ts';
import { anyValue, builtin, object, operandFault, text } from './operand.ts';

export type Base64Alphabet = 'standard' | 'url';

const ALPHABETS: Readonly<Record<Base64Alphabet, RegExp>> = {
  standard: /^[A-Za-z0-9+/]*/,
  url: /^[A-Za-z0-9_-]*/,
};

/** Strict decoding as Go does it: line breaks are skipped, padding is required exactly (`padded`) or refused. */
export function decodeBase64(
  encoded: string,
  alphabet: Base64Alphabet,
  isPadded: boolean,
): Buffer | BuiltinFault {
  const compact = encoded.replace(/[\r\n]/g, '');
  const digits = ALPHABETS[alphabet].exec(compact)?.[0] ?? '';
  const rest = compact.slice(digits.length);
  const remainder = digits.length % 4;
  const padding = isPadded && remainder !== 0 ? '='.repeat(4 - remainder) : '';
  if (rest !== padding || remainder === 1) {
    const at = digits.length + (rest === '' ? -remainder : faultOffset(rest, remainder, isPadded));
    return builtinError(`illegal base64 data at input byte ${Math.max(at, 0)}`);
  }
  return Buffer.from(digits, alphabet === 'url' ? 'base64url' : 'base64');
}

/** How far behind the last good digit Go's decoder notices the fault. */
function faultOffset(rest: string, remainder: number, isPadded: boolean): number {
  if (!isPadded || !rest.startsWith('=') || remainder < 2) return 0;
  return remainder === 2 && !rest.startsWith('==') ? 1 : 4 - remainder;
}

/** base64url with or without its padding (RFC 7515, appendix C). */
export function decodeBase64Url(encoded: string): Buffer | BuiltinFault {
  if (encoded.endsWith('=')) return decodeBase64(encoded, 'url', true);
  const length = bytesOf(encoded).length % 4;
  if (length === 1) return builtinError(`illegal base64url string: ${encoded}`);
  return decodeBase64(encoded + ['', '', '==', '='][length], 'url', true);
}

function decodeHex(encoded: string): Buffer | BuiltinFault {
  const bad = /[^0-9a-fA-F]/u.exec(encoded)?.[0];
  if (bad !== undefined) {
    const byte = bytesOf(bad)[0] ?? 0;
    const code = byte.toString(16).toUpperCase().padStart(4, '0');
    return builtinError(`encoding/hex: invalid byte: U+${code} '${String.fromCharCode(byte)}'`);
  }
  if (encoded.length % 2 === 1) return builtinError('encoding/hex: odd length hex string');
  return Buffer.from(encoded, 'hex');
}

const asText = (decoded: Buffer | BuiltinFault): string | BuiltinFault =>
  isFault(decoded) ? decoded : textOf(decoded);

/** Percent-encoding of a query component: unreserved characters stay, a space becomes `+`. */
export function escapeQuery(part: string): string {
  let escaped = '';
  for (const byte of bytesOf(part)) {
    const character = String.fromCharCode(byte);
    if (/[A-Za-z0-9_.~-]/.test(character)) escaped += character;
    else if (byte === 0x20) escaped += '+';
    else escaped += `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return escaped;
}

/** The reverse; `+` is a space. */
export function unescapeQuery(part: string): string | BuiltinFault {
  return unescapePercent(part.replaceAll('+', ' '));
}

/** The bytes behind `%XX`; a fault for a malformed escape. */
export function unescapePercent(part: string): string | BuiltinFault {
  const bad = /%(?![0-9a-fA-F]{2}).{0,2}/su.exec(part)?.[0];
  if (bad !== undefined) return builtinError(`invalid URL escape ${quoteText(bad)}`);
  const pieces = part
    .split(/(%[0-9a-fA-F]{2})/)
    .map((piece) =>
      /^%[0-9a-fA-F]{2}$/.test(piece) ? Buffer.from(piece.slice(1), 'hex') : bytesOf(piece),
    );
  return textOf(Buffer.concat(pieces));
}

function encodeObject(members: RegoObject) {
  const pairs: [string, string][] = [];
  for (const [key, value] of members) {
    const values = isArray(value) ? value : isSet(value) ? value.toSorted() : [value];
    for (const item of values) {
      if (typeof item !== 'string') {
        return operandFault(1, 'values must be string, array[string], or set[string]');
      }
      pairs.push([jsonKey(key), item]);
    }
  }
  const encoded = pairs.sort((a, b) => compareStrings(a[0], b[0]));
  return encoded.map(([key, value]) => `${escapeQuery(key)}=${escapeQuery(value)}`).join('&');
}

function decodeObject(query: string) {
  const values = new Map<string, Value[]>();
  for (const pair of query.split('&')) {
    if (pair === '') continue;
    if (pair.includes(';')) return builtinError('invalid semicolon separator in query');
    const equals = pair.indexOf('=');
    const key = unescapeQuery(equals < 0 ? pair : pair.slice(0, equals));
    const value = unescapeQuery(equals < 0 ? '' : pair.slice(equals + 1));
    if (isFault(key)) return key;
    if (isFault(value)) return value;
    const known = values.get(key) ?? [];
    known.push(value);
    values.set(key, known);
  }
  return RegoObject.from(values);
}

export const ENCODINGS = {
  'base64.encode': builtin([text], (_ctx, plain) => bytesOf(plain).toString('base64')),
  'base64.decode': builtin([text], (_ctx, encoded) =>
    asText(decodeBase64(encoded, 'standard', true)),
  ),
  'base64.is_valid': builtin(
    [anyValue],
    (_ctx, encoded) =>
      typeof encoded === 'string' && !isFault(decodeBase64(encoded, 'standard', true)),
  ),
  'base64url.encode': builtin([text], (_ctx, plain) => {
    const encoded = bytesOf(plain).toString('base64url');
    return encoded.padEnd(Math.ceil(encoded.length / 4) * 4, '=');
  }),
  'base64url.encode_no_pad': builtin([text], (_ctx, plain) => bytesOf(plain).toString('base64url')),
  'base64url.decode': builtin([text], (_ctx, encoded) => asText(decodeBase64Url(encoded))),
  'hex.encode': builtin([text], (_ctx, plain) => bytesOf(plain).toString('hex')),
  'hex.decode': builtin([text], (_ctx, encoded) => asText(decodeHex(encoded))),
  'urlquery.encode': builtin([text], (_ctx, plain) => escapeQuery(plain)),
  'urlquery.decode': builtin([text], (_ctx, encoded) => unescapeQuery(encoded)),
  'urlquery.encode_object': builtin([object], (_ctx, members) => encodeObject(members)),
  'urlquery.decode_object': builtin([text], (_ctx, query) => decodeObject(query)),
} satisfies Readonly<Record<string, BuiltinFunction>>;
