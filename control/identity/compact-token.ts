/**
 * Takes a compact JWS apart without believing a word of it: sizes, alphabet, one object each for header and payload. RFC 7515.
 */
import { readStrictObject } from './strict-json.ts';

/** Characters of a provider's token that are looked at at all. */
export const MAX_FOREIGN_LENGTH = 16_384;
const MAX_HEADER_LENGTH = 4_096;
const PART = /^[A-Za-z0-9_-]+$/;

export interface CompactToken {
  readonly header: Readonly<Record<string, unknown>>;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** Undefined for what is no compact JWS of an object, or repeats a member. Unverified. */
export function readCompactToken(token: string): CompactToken | undefined {
  if (token.length > MAX_FOREIGN_LENGTH) return undefined;
  const parts = token.split('.');
  if (parts.length !== 3 || !parts.every((part) => PART.test(part))) return undefined;
  const [first = '', second = ''] = parts;
  if (first.length > MAX_HEADER_LENGTH) return undefined;
  const header = readPart(first);
  const payload = header === undefined ? undefined : readPart(second);
  return header === undefined || payload === undefined ? undefined : { header, payload };
}

function readPart(part: string): Readonly<Record<string, unknown>> | undefined {
  const bytes = Buffer.from(part, 'base64url');
  // A second spelling of the same bytes would be a second token to whoever compares tokens.
  if (bytes.toString('base64url') !== part) return undefined;
  const text = bytes.toString('utf8');
  return Buffer.byteLength(text) === bytes.length && !text.includes('\ufffd')
    ? readStrictObject(text)
    : undefined;
}
