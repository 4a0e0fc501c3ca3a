/**
 * The key that signs local tokens: Ed25519, made on first use, in a file that only its owner may read.
 */
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
} from 'node:crypto';
import { ControlError } from '../error.ts';
import { openPrivateFile } from '../private-file.ts';
import { TOKEN_KEY_FILE } from '../state-files.ts';

export interface SigningKey {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/** Reads the key of this state folder, or makes it. Throws `state/...`. */
export function openSigningKey(stateDir: string): SigningKey {
  const pem = openPrivateFile(
    stateDir,
    TOKEN_KEY_FILE,
    () =>
      generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    'all tokens end with it',
  );
  try {
    const privateKey = createPrivateKey(pem);
    if (privateKey.asymmetricKeyType !== 'ed25519') throw new TypeError('not an Ed25519 key');
    return { privateKey, publicKey: createPublicKey(privateKey) };
  } catch (cause) {
    throw new ControlError('state/key-invalid', `the signing key in ${stateDir} cannot be used`, {
      cause,
      hint: `restore ${TOKEN_KEY_FILE}, or delete it: a new one is made and all tokens end`,
    });
  }
}
