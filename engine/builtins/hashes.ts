/** Digests and message authentication codes, as lower-case hex of the bytes of a text. OPA topdown/crypto.go. */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { bytesOf } from '../value/bytes.ts';
import type { BuiltinFunction } from './context.ts';
import { builtin, text } from './operand.ts';

const digest = (algorithm: string): BuiltinFunction =>
  builtin([text], (_ctx, message) => createHash(algorithm).update(bytesOf(message)).digest('hex'));

const hmac = (algorithm: string): BuiltinFunction =>
  builtin([text, text], (_ctx, message, key) =>
    createHmac(algorithm, bytesOf(key)).update(bytesOf(message)).digest('hex'),
  );

export const HASHES = {
  'crypto.md5': digest('md5'),
  'crypto.sha1': digest('sha1'),
  'crypto.sha256': digest('sha256'),
  'crypto.hmac.md5': hmac('md5'),
  'crypto.hmac.sha1': hmac('sha1'),
  'crypto.hmac.sha256': hmac('sha256'),
  'crypto.hmac.sha512': hmac('sha512'),
  'crypto.hmac.equal': builtin([text, text], (_ctx, a, b) => {
    const x = bytesOf(a);
    const y = bytesOf(b);
    return x.length === y.length && timingSafeEqual(x, y);
  }),
} satisfies Readonly<Record<string, BuiltinFunction>>;
