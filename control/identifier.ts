/**
 * Fresh identifiers: 100 random bits, written so that a person can read them to another.
 */
import { randomBytes } from 'node:crypto';

/** Crockford's base 32, lower case: no i, l, o, u. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const LENGTH = 20;

export function newId(): string {
  return Array.from(randomBytes(LENGTH), (byte) => ALPHABET[byte & 31]).join('');
}
