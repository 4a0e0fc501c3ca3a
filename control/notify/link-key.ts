/**
 * The key that signs answer links. Gateways that share one address for links share this file.
 */
import { randomBytes } from 'node:crypto';
import { ControlError } from '../error.ts';
import { openPrivateFile } from '../private-file.ts';
import { LINK_KEY_FILE } from '../state-files.ts';

const KEY_BYTES = 32;

/** The key of this state folder, made when there is none. Throws `state/...`. */
export function openLinkKey(dir: string): Buffer {
  const text = openPrivateFile(
    dir,
    LINK_KEY_FILE,
    () => `${randomBytes(KEY_BYTES).toString('base64url')}\n`,
    'links that were sent then open nothing, and are sent anew with the next request',
  );
  const key = Buffer.from(text.trim(), 'base64url');
  if (key.length === KEY_BYTES) return key;
  throw new ControlError('state/key-invalid', `${LINK_KEY_FILE} holds no key`, {
    hint: `delete it: a new one is made, and links that were sent then open nothing`,
  });
}
