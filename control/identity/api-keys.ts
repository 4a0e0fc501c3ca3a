/**
 * Keys for machines that can neither sign in nor renew a token: long-lived, each for one service, for named resources and ways in,
 * with an end. The store has their SHA-256 only: a key is 256 random bits, so that nothing slower is needed to keep it from being
 * guessed, and a connection does not wait for a password hash.
 */
import { createHash, randomBytes } from 'node:crypto';
import type { Credential } from '../../proxy/gate/ports.ts';
import { type Refusal, refuse } from '../../proxy/gate/refusal.ts';
import { type TokenClaims, toPartyClaims } from './claims.ts';
import type { ApiKey, ApiKeyStore, KeyProtocol, RecordEvent } from './ports.ts';
import type { IdentityRegistry } from './registry.ts';

const PREFIX = 'sak_';
const SECRET_BYTES = 32;
const KEY = /^sak_[A-Za-z0-9_-]{43}$/;
/** Characters of a key that are shown: 48 of its bits, 208 stay. */
const SHOWN_LENGTH = PREFIX.length + 8;
/** Milliseconds between two notes of a key's use. */
export const USE_NOTED_EVERY_MS = 60_000;
/** Milliseconds for which a key that was looked up is known; a revoked one is known at once, by its id. */
const KNOWN_FOR_MS = 10_000;
/** Keys known at once; the one looked up first makes room. */
const MAX_KNOWN = 10_000;
/** Keys in one list. */
export const MAX_LISTED_KEYS = 1_000;
const DAY_MS = 86_400_000;
export const MAX_KEY_LIFETIME_MS = 366 * DAY_MS;

export interface ApiKeyRequest {
  readonly subject: string;
  readonly note: string;
  readonly resources: readonly string[];
  readonly protocols: readonly KeyProtocol[];
  readonly lifetimeMs: number;
}

/** What is told of a key: everything but its hash. */
export type ApiKeyFacts = Omit<ApiKey, 'hash'>;

export interface ApiKeys {
  /** True when the credential has the form of a key. */
  takes(token: string): boolean;
  /** The service a key stands for, limited to what the key is for. */
  read(credential: Credential): Promise<TokenClaims | Refusal>;
  /** A new key; it is shown this once. */
  create(
    request: ApiKeyRequest,
    by: string,
  ): Promise<{ readonly key: string; readonly facts: ApiKeyFacts } | Refusal>;
  list(): Promise<readonly ApiKeyFacts[]>;
  /** Ends it and the sessions it opened, at once. */
  revoke(id: string, by: string): Promise<ApiKeyFacts | Refusal>;
}

export interface ApiKeyOptions {
  readonly store: ApiKeyStore;
  readonly registry: IdentityRegistry;
  /** `iss` of what the gateway vouches for itself. */
  readonly issuer: string;
  readonly protocolOf: (resource: string) => KeyProtocol | undefined;
  readonly record: RecordEvent;
  readonly isRevoked: (id: string) => boolean | Promise<boolean>;
  readonly revokeId: (id: string, by: string, expiresAtMs: number) => Promise<void>;
  /** Told when a use could not be noted: the key works all the same. */
  readonly onFault: (error: unknown) => void;
  readonly nowMs: () => number;
  readonly newId: () => string;
}

export function createApiKeys(options: ApiKeyOptions): ApiKeys {
  const { store, registry, record, nowMs } = options;
  const known = new Map<string, { readonly key: ApiKey; readonly atMs: number }>();
  const notedAtMs = new Map<string, number>();

  async function find(hash: string): Promise<ApiKey | undefined> {
    const seen = known.get(hash);
    const age = seen === undefined ? Number.POSITIVE_INFINITY : nowMs() - seen.atMs;
    if (seen !== undefined && age >= 0 && age < KNOWN_FOR_MS) return seen.key;
    known.delete(hash);
    const key = await store.findApiKeyByHash(hash);
    if (key === undefined) return undefined;
    if (known.size >= MAX_KNOWN) {
      const [oldest] = known.keys();
      if (oldest !== undefined) known.delete(oldest);
    }
    known.set(hash, { key, atMs: nowMs() });
    return key;
  }

  function noteUse(id: string): void {
    const now = nowMs();
    const before = notedAtMs.get(id) ?? Number.NEGATIVE_INFINITY;
    if (now - before < USE_NOTED_EVERY_MS) return;
    if (notedAtMs.size >= MAX_KNOWN) notedAtMs.clear();
    notedAtMs.set(id, now);
    store.noteApiKeyUse(id, now).catch(options.onFault);
  }

  async function read({ token }: Credential): Promise<TokenClaims | Refusal> {
    if (!KEY.test(token))
      return refuseKey('identity/malformed', 'this is not a key of this gateway');
    let key: ApiKey | undefined;
    let isRevoked: boolean;
    try {
      key = await find(hashOf(token));
      isRevoked =
        key === undefined || key.revokedAtMs !== undefined || (await options.isRevoked(key.id));
    } catch {
      // Fail closed: a key that cannot be checked is not accepted; the store reports its own fault on /healthz.
      return refuse('unavailable', 'identity/unavailable', 'keys cannot be checked at present');
    }
    if (key === undefined) return refuseKey('identity/unknown-key', 'this key is not known here');
    if (isRevoked) return refuseKey('identity/revoked', 'the key was revoked');
    if (nowMs() >= key.expiresAtMs) return refuseKey('identity/expired', 'the key has expired');
    const service = registry.get(key.subject);
    if (service?.kind !== 'service')
      return refuseKey('identity/unknown-subject', `${key.subject} is no service here any more`);
    noteUse(key.id);
    const { iss, aud } = { iss: options.issuer, aud: '' };
    return {
      ...toPartyClaims(service),
      iss,
      aud,
      jti: key.id,
      iat: key.createdAtMs / 1000,
      nbf: key.createdAtMs / 1000,
      exp: key.expiresAtMs / 1000,
      only: { resources: key.resources, protocols: key.protocols },
      ext: { key: key.prefix },
    };
  }

  return {
    takes: (token) => token.startsWith(PREFIX),
    read,
    async create(request, by) {
      const misfit = refuseRequest(request, options);
      if (misfit !== undefined) return misfit;
      const key = `${PREFIX}${randomBytes(SECRET_BYTES).toString('base64url')}`;
      const entry: ApiKey = {
        id: options.newId(),
        prefix: key.slice(0, SHOWN_LENGTH),
        hash: hashOf(key),
        subject: request.subject,
        note: request.note,
        resources: [...new Set(request.resources)],
        protocols: [...new Set(request.protocols)],
        createdBy: by,
        createdAtMs: nowMs(),
        expiresAtMs: nowMs() + request.lifetimeMs,
        lastUsedAtMs: undefined,
        revokedAtMs: undefined,
      };
      const until = new Date(entry.expiresAtMs).toISOString();
      const scope = `${entry.resources.join(', ')} by ${entry.protocols.join(', ')}`;
      const unrecorded = await record({
        type: 'identity.key-created',
        subject: entry.subject,
        actors: [],
        by,
        credential: entry.id,
        detail: `${by} made the key ${entry.prefix} for ${entry.subject}: ${scope}, until ${until}`,
      });
      if (unrecorded !== undefined) return unrecorded;
      await store.insertApiKey(entry);
      return { key, facts: factsOf(entry) };
    },
    async list() {
      return (await store.listApiKeys(MAX_LISTED_KEYS)).map(factsOf);
    },
    async revoke(id, by) {
      const key = await store.findApiKey(id);
      if (key === undefined)
        return refuse('blocked', 'api-key/not-found', 'there is no key of this id');
      // First the end, then its record: a key that was given away must not live on because the journal is full.
      await store.revokeApiKey(id, nowMs());
      await options.revokeId(id, by, key.expiresAtMs);
      known.delete(key.hash);
      await record({
        type: 'identity.key-revoked',
        subject: key.subject,
        actors: [],
        by,
        credential: id,
        detail: `${by} revoked the key ${key.prefix} of ${key.subject}`,
      });
      return factsOf({ ...key, revokedAtMs: key.revokedAtMs ?? nowMs() });
    },
  };
}

function refuseRequest(request: ApiKeyRequest, options: ApiKeyOptions): Refusal | undefined {
  const { subject, resources, protocols, lifetimeMs } = request;
  if (options.registry.get(subject)?.kind !== 'service')
    return no(
      'api-key/not-a-service',
      `${subject} is no service`,
      'keys are for identities of `kind: service`',
    );
  const unknown = resources.find((name) => options.protocolOf(name) === undefined);
  if (unknown !== undefined) return no('api-key/resource', `there is no resource ${unknown}`);
  if (resources.length === 0 && !protocols.includes('api'))
    return no('api-key/resource', 'a key is for one resource at least');
  const unusable = resources.find(
    (name) => !protocols.some((way) => way === options.protocolOf(name)),
  );
  if (unusable !== undefined)
    return no('api-key/protocol', `${unusable} is reached by no protocol of the key`);
  if (lifetimeMs < 1000 || lifetimeMs > MAX_KEY_LIFETIME_MS)
    return no('api-key/lifetime', `a key lives at most ${MAX_KEY_LIFETIME_MS / DAY_MS} days`);
  return undefined;
}

function hashOf(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

function factsOf({ hash: _hash, ...facts }: ApiKey): ApiKeyFacts {
  return facts;
}

function refuseKey(code: string, message: string): Refusal {
  return refuse('unauthenticated', code, message, {
    hint: 'an admin makes keys with `sallyport api-key create`',
  });
}

function no(code: string, message: string, hint?: string): Refusal {
  return refuse('blocked', code, message, hint === undefined ? {} : { hint });
}
