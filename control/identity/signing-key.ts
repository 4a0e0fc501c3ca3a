/**
 * The key that signs local tokens: Ed25519, made on first use, one file that only its owner may read. A file that others can
 * read is refused, because whoever can read it can be anybody.
 */
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
} from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ControlError } from '../error.ts';

const KEY_FILE = 'token-signing-key.pem';
const GROUP_AND_OTHERS = 0o077;

export interface SigningKey {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/** Reads the key of this state folder, or makes it. Throws `state/...`. */
export function openSigningKey(stateDir: string): SigningKey {
  const path = join(stateDir, KEY_FILE);
  makeOnce(stateDir, path);
  const mode = statSync(path).mode & 0o777;
  if ((mode & GROUP_AND_OTHERS) !== 0)
    throw new ControlError(
      'state/key-exposed',
      `the signing key ${path} can be read by others (mode ${mode.toString(8)})`,
      { hint: `chmod 600 ${path}; if others may have read it, delete it: all tokens end with it` },
    );
  try {
    const privateKey = createPrivateKey(readFileSync(path, 'utf8'));
    if (privateKey.asymmetricKeyType !== 'ed25519') throw new TypeError('not an Ed25519 key');
    return { privateKey, publicKey: createPublicKey(privateKey) };
  } catch (cause) {
    throw new ControlError('state/key-invalid', `the signing key ${path} cannot be used`, {
      cause,
      hint: 'restore it, or delete it: a new one is made and all tokens end',
    });
  }
}

/** `wx` lets exactly one of two processes that start together write the file. */
function makeOnce(stateDir: string, path: string): void {
  try {
    mkdirSync(stateDir, { recursive: true, mode: 0o700 });
    if (existsSync(path)) return;
    const { privateKey } = generateKeyPairSync('ed25519');
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
    writeFileSync(path, pem, { flag: 'wx', mode: 0o600 });
    chmodSync(path, 0o600);
  } catch (cause) {
    if (existsSync(path)) return;
    throw new ControlError('state/not-writable', `the state folder ${stateDir} cannot be written`, {
      cause,
      hint: 'check its owner and that the disk is not full, or name another with `state:`',
    });
  }
}
