/**
 * Names of the files in the state folder.
 */
export const STORE_FILE = 'store.db';
/** Name of this gateway among those of one store. */
export const GATEWAY_ID_FILE = 'gateway-id';
/** Private key that signs the journal; the public one lies beside it with `.pub`. */
export const JOURNAL_KEY_FILE = 'journal-key.pem';
/** Private key that signs local tokens. */
export const TOKEN_KEY_FILE = 'token-signing-key.pem';
/** Keys that seal the secrets of the store, one a line; the first seals. */
export const SECRET_KEYS_FILE = 'secret-keys';
/** Key that signs the links approvers are sent. */
export const LINK_KEY_FILE = 'link-key';
/** Secret from which the keys of masks are derived. */
export const MASK_SECRET_FILE = 'mask-secret';
