/**
 * The keys that seal the secrets of the store, and sealing itself: AES-256-GCM, a nonce of 96 random bits each time, the name and
 * version of the secret as associated data, so that nothing sealed for one can stand in for another. The keys are outside the
 * database: in a file of their own or in the configuration.
 */
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { Secret } from '../config/secret.ts';
import { ControlError } from '../error.ts';
import { openPrivateFile } from '../private-file.ts';

const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** Hex digits that name a key. */
const ID_LENGTH = 12;
const CONTEXT = 'sallyport sealed secret 1';
const BASE64 = /^[A-Za-z0-9+/_-]{43}=?$/;
const HEX = /^[0-9a-fA-F]{64}$/;
const OWNER_ONLY = 0o600;

export interface SealingKey {
  /** Says which key it is and nothing of it. */
  readonly id: string;
  readonly bytes: Buffer;
}

export interface KeyRing {
  /** The first seals, all of them open. Throws `secrets/key-invalid`, `state/...`. */
  read(): readonly [SealingKey, ...SealingKey[]];
  /** Puts a new key in front; undefined where the keys are not ours to change. */
  readonly rotation: { begin(): SealingKey; end(keep: SealingKey): void } | undefined;
}

export function createKeyRing(
  from: { readonly file: string } | { readonly text: Secret },
): KeyRing {
  if ('text' in from) return { read: () => parseKeys(from.text.reveal()), rotation: undefined };
  const { file } = from;
  const read = (): readonly [SealingKey, ...SealingKey[]] =>
    parseKeys(
      openPrivateFile(
        dirname(file),
        basename(file),
        () => `${newKeyText()}\n`,
        'no sealed secret opens without it',
      ),
    );
  const write = (keys: readonly SealingKey[]): void => {
    const next = `${file}.next`;
    const text = keys.map(({ bytes }) => `${bytes.toString('base64')}\n`).join('');
    writeFileSync(next, text, { mode: OWNER_ONLY, flush: true });
    renameSync(next, file);
  };
  return {
    read,
    rotation: {
      begin() {
        const before = existsSync(file) ? read() : [];
        const [key] = parseKeys(newKeyText());
        write([key, ...before]);
        return key;
      },
      end: (keep) => write([keep]),
    },
  };
}

/** Seals a value for this name and version. */
export function seal(value: string, about: SealedFor, key: SealingKey): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key.bytes, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(associatedData(about));
  const sealed = Buffer.concat([cipher.update(value, 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, sealed, cipher.getAuthTag()]).toString('base64url');
}

/** The value; undefined when it was not sealed with this key for this name and version. */
export function unseal(sealed: string, about: SealedFor, key: SealingKey): string | undefined {
  const bytes = Buffer.from(sealed, 'base64url');
  if (bytes.length < NONCE_BYTES + TAG_BYTES) return undefined;
  const decipher = createDecipheriv(CIPHER, key.bytes, bytes.subarray(0, NONCE_BYTES), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(associatedData(about));
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
  try {
    const body = bytes.subarray(NONCE_BYTES, -TAG_BYTES);
    return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8');
  } catch {
    // The tag does not fit: another key, another secret, or altered bytes. They are not told apart.
    return undefined;
  }
}

export interface SealedFor {
  readonly name: string;
  readonly version: number;
}

function associatedData({ name, version }: SealedFor): Buffer {
  return Buffer.from(JSON.stringify([CONTEXT, name, version]));
}

function newKeyText(): string {
  return randomBytes(KEY_BYTES).toString('base64');
}

/** Keys by white space, each 32 bytes in base64 or hex. */
function parseKeys(text: string): readonly [SealingKey, ...SealingKey[]] {
  const [first, ...rest] = text
    .split(/\s+/)
    .filter((word) => word !== '')
    .map(parseKey);
  if (first !== undefined) return [first, ...rest];
  throw new ControlError('secrets/key-invalid', 'there is no key for the secrets of the store', {
    hint: 'write 32 random bytes in base64: `openssl rand -base64 32`',
  });
}

function parseKey(word: string, position: number): SealingKey {
  const encoding = HEX.test(word) ? 'hex' : BASE64.test(word) ? 'base64' : undefined;
  const bytes = encoding === undefined ? Buffer.alloc(0) : Buffer.from(word, encoding);
  if (bytes.length !== KEY_BYTES)
    throw new ControlError(
      'secrets/key-invalid',
      `key ${position + 1} for the secrets of the store is no key`,
      {
        hint: 'each is 32 bytes in base64 or hex: `openssl rand -base64 32`',
      },
    );
  const id = createHash('sha256').update(CONTEXT).update(bytes).digest('hex').slice(0, ID_LENGTH);
  return { id, bytes };
}
