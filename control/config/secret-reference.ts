/**
 * References to secrets that are fetched when they are used: `${vault:mount/path#field}`, `${aws-secret:id#field}`,
 * `${store:name}` and, where a credential of a target stands, `${file:path}`. Notation only; nothing is fetched here.
 */

export type SecretSourceName = 'file' | 'vault' | 'aws-secret' | 'store';

export interface SecretReference {
  readonly source: SecretSourceName;
  /** A file, a mount of Vault and a path in it, the name or ARN of an AWS secret, a name of the store. */
  readonly path: string;
  /** One member of the secret; the whole of it when undefined. */
  readonly field: string | undefined;
}

/** Characters of a path or field. */
const MAX_LENGTH = 512;
// Segments of the Vault API: no empty one, no dots that climb, nothing that ends the path.
const VAULT_PATH = /^(?!.*(?:^|\/)\.{1,2}(?:\/|$))[A-Za-z0-9_.@:+-]+(?:\/[A-Za-z0-9_.@:+-]+)+$/;
const AWS_ID = /^[A-Za-z0-9/_+=.@:-]+$/;
const STORE_NAME = /^[a-z0-9][a-z0-9._-]{0,62}$/;
const FIELD = /^[^#\s]+$/;

/** What stands between `${` and `}` after the colon, read for its source; a sentence says why it cannot be. */
export function readReference(source: SecretSourceName, text: string): SecretReference | string {
  const [path = '', field, ...more] = source === 'file' ? [text] : text.split('#');
  if (path.length > MAX_LENGTH || (field?.length ?? 0) > MAX_LENGTH) return 'it is too long';
  if (more.length > 0 || (field !== undefined && !FIELD.test(field)))
    return 'one `#` stands before the field';
  switch (source) {
    case 'file':
      return path === '' ? 'it names no file' : { source, path, field: undefined };
    case 'vault':
      if (!VAULT_PATH.test(path)) return 'write mount and path, such as `secret/shop#password`';
      return field === undefined ? 'it names no field: `#password`' : { source, path, field };
    case 'aws-secret':
      return AWS_ID.test(path) ? { source, path, field } : 'it names no secret';
    case 'store':
      if (field !== undefined) return 'a secret of the store has no fields';
      return isStoredName(path) ? { source, path, field } : 'it is no name of a secret';
  }
}

/** Whether a secret of the store may be called this. */
export function isStoredName(name: string): boolean {
  return STORE_NAME.test(name);
}
