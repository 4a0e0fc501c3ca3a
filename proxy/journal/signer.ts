/**
 * The key that signs the journal's head: Ed25519, made on first use, in a file only its owner may read. The public half lies
 * beside it for whoever verifies. The private key never leaves this module.
 */
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { ProxyError } from '../error.ts';

const KEY_MODE = 0o600;

export interface JournalSigner {
  /** PEM (SPKI), for `verifyJournal`. */
  readonly publicKey: string;
  sign(bytes: Buffer): Buffer;
}

/**
 * The signer whose key lies at `path`, made (0600, with `<path>.pub` beside it) when there is none. Throws `ProxyError`
 * `journal/unavailable` when the key cannot be read or made, or others may read it.
 */
export function loadSigner(path: string): JournalSigner {
  try {
    return signerOf(readKey(path) ?? makeKey(path));
  } catch (error) {
    if (error instanceof ProxyError) throw error;
    throw new ProxyError('journal/unavailable', `the journal's key \`${path}\` cannot be used`, {
      cause: error,
      hint: 'The file must hold an Ed25519 private key in PEM, readable by the gateway alone.',
    });
  }
}

function readKey(path: string): KeyObject | undefined {
  let pem: string;
  try {
    pem = readFileSync(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
  if ((statSync(path).mode & 0o077) !== 0) {
    throw new ProxyError('journal/unavailable', `the journal's key \`${path}\` is open to others`, {
      hint: `Run \`chmod 600 ${path}\`; replace the key if anybody else may have read it.`,
    });
  }
  return createPrivateKey(pem);
}

function makeKey(path: string): KeyObject {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
  writeFileSync(path, pem, { mode: KEY_MODE, flag: 'wx', flush: true });
  // The mode given at creation is narrowed by the umask, never widened; a strange umask must not make it unreadable.
  chmodSync(path, KEY_MODE);
  writeFileSync(`${path}.pub`, publicKey.export({ type: 'spki', format: 'pem' }), { flush: true });
  return privateKey;
}

function signerOf(key: KeyObject): JournalSigner {
  if (key.asymmetricKeyType !== 'ed25519') throw new TypeError('not an Ed25519 key');
  const publicKey = createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString();
  return { publicKey, sign: (bytes) => sign(null, bytes, key) };
}

/** Whether the signature over these bytes was made by the holder of this public key (PEM). */
export function isSignedBy(publicKey: string, bytes: Buffer, signature: Buffer): boolean {
  try {
    return verify(null, bytes, publicKey, signature);
  } catch {
    return false;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
