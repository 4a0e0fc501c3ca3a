/**
 * What credentials need from the rest of the control plane. Times are milliseconds since the epoch.
 */

/** A secret as the store keeps it: sealed under a key that the store does not have. */
export interface SealedSecret {
  readonly name: string;
  /** Grows with every change, a removal between two included. */
  readonly version: number;
  /** Which key sealed it; says nothing of the key. */
  readonly keyId: string;
  /** Base64url of nonce, ciphertext and tag. */
  readonly sealed: string;
  readonly changedBy: string;
  readonly changedAtMs: number;
}

export interface SealedSecretStore {
  findSealedSecret(name: string): Promise<SealedSecret | undefined>;
  /** By name, at most `limit`. */
  listSealedSecrets(limit: number): Promise<readonly SealedSecret[]>;
  /** Puts it in place of the version `before` (undefined: of none). False when another version stands there. */
  putSealedSecret(secret: SealedSecret, before: number | undefined): Promise<boolean>;
  /** False when there is none. */
  removeSealedSecret(name: string): Promise<boolean>;
}
