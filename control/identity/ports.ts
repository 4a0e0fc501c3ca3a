/**
 * What identity needs from the rest of the control plane: what must outlive a restart, and who is told. Times are milliseconds
 * since the epoch.
 */
import type { IdentityEvent } from '../../proxy/gate/record.ts';
import type { Refusal } from '../../proxy/gate/refusal.ts';

/** A person's word that an agent may act for them. */
export interface Consent {
  readonly id: string;
  /** Who gave it. */
  readonly subject: string;
  readonly agent: string;
  /** What the registry said the agent is for when it was given. */
  readonly purpose: string;
  /** The resources it is for; all that the agent may reach when undefined. */
  readonly resources: readonly string[] | undefined;
  readonly grantedAtMs: number;
  readonly expiresAtMs: number;
  readonly revokedAtMs: number | undefined;
}

export interface ConsentStore {
  insertConsent(consent: Consent): Promise<void>;
  findConsent(id: string): Promise<Consent | undefined>;
  /** Newest first, at most `limit`; ended ones included. */
  listConsents(
    filter: { readonly subject?: string; readonly agent?: string },
    limit: number,
  ): Promise<readonly Consent[]>;
  /** False when there is none, or it was revoked before. */
  revokeConsent(id: string, atMs: number): Promise<boolean>;
}

/** What may happen once: a break-glass code, an ID token, a SAML assertion. */
export interface OnceStore {
  /** True for the first use. What has expired by `atMs` is swept out; undefined never expires. */
  useOnce(id: string, atMs: number, expiresAtMs: number | undefined): Promise<boolean>;
}

/** Revocations given in one list; a view that is told this many asks the store about each token instead. */
export const MAX_LISTED_REVOCATIONS = 100_000;

/** Milliseconds for which a revocation outlives what it revokes: longer than clocks make anything acceptable after its end. */
export const REVOCATION_GRACE_MS = 60_000;

export interface Revoked {
  readonly tokenId: string;
  /** When what it revokes ends by itself. */
  readonly expiresAtMs: number;
}

export interface RevocationReader {
  isRevoked(tokenId: string): Promise<boolean>;
  /** What was revoked at or after this moment, newest first, at most `MAX_LISTED_REVOCATIONS`. */
  listRevoked(sinceMs: number): Promise<readonly Revoked[]>;
}

/** Ways in that a key may be for: the listeners, and the HTTP API of the gateway itself. */
export const KEY_PROTOCOLS = ['postgres', 'http', 'api'] as const;
export type KeyProtocol = (typeof KEY_PROTOCOLS)[number];

/** A key of a machine. The key itself is kept nowhere. */
export interface ApiKey {
  readonly id: string;
  /** The beginning of the key, to tell keys apart by. */
  readonly prefix: string;
  /** SHA-256 of the key, hex. */
  readonly hash: string;
  /** The service it signs in. */
  readonly subject: string;
  readonly note: string;
  readonly resources: readonly string[];
  readonly protocols: readonly KeyProtocol[];
  readonly createdBy: string;
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
  readonly lastUsedAtMs: number | undefined;
  readonly revokedAtMs: number | undefined;
}

export interface ApiKeyStore {
  insertApiKey(key: ApiKey): Promise<void>;
  findApiKeyByHash(hash: string): Promise<ApiKey | undefined>;
  findApiKey(id: string): Promise<ApiKey | undefined>;
  /** Newest first, at most `limit`; ended ones included. */
  listApiKeys(limit: number): Promise<readonly ApiKey[]>;
  /** False when there is none, or it was revoked before. */
  revokeApiKey(id: string, atMs: number): Promise<boolean>;
  /** Moves the last use forward; never back. */
  noteApiKeyUse(id: string, atMs: number): Promise<void>;
}

export interface IdentityStore extends ConsentStore, OnceStore, ApiKeyStore, RevocationReader {
  revokeToken(revocation: {
    readonly tokenId: string;
    readonly by: string;
    readonly atMs: number;
    readonly expiresAtMs: number;
  }): Promise<void>;
}

/** Puts an event into the journal, fsynced; a refusal means that it could not be recorded, and must not happen. */
export type RecordEvent = (event: Omit<IdentityEvent, 'at'>) => Promise<Refusal | undefined>;
