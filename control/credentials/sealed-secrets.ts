/**
 * `${store:name}`: secrets that the gateway keeps itself, sealed. They are set, replaced and removed by an admin, each change in the
 * journal before it takes effect, and come out for the data plane only: nothing here tells a value to a person.
 */
import { type Refusal, refuse } from '../../proxy/gate/refusal.ts';
import { isStoredName } from '../config/secret-reference.ts';
import { type KeyRing, type SealingKey, seal, unseal } from './key-ring.ts';
import type { SealedSecret, SealedSecretStore } from './ports.ts';
import { type FetchedSecret, SecretFault, type SecretSource } from './secret-source.ts';

/** UTF-16 units of a value: a key of 16,384 bits in PEM fits. */
export const MAX_SECRET_LENGTH = 16_384;
/** Sealed secrets of one store. */
export const MAX_SEALED_SECRETS = 1_000;

/** What is told of a secret: everything but it. */
export type SecretFacts = Omit<SealedSecret, 'sealed'>;

/** Records what is about to happen; a refusal means that it must not. */
export type RecordSecretEvent = (event: {
  readonly type: 'secret.set' | 'secret.removed' | 'secret.rekeyed';
  readonly by: string;
  readonly about: string;
  readonly detail: string;
}) => Promise<Refusal | undefined>;

export interface SealedSecrets {
  set(name: string, value: string, by: string): Promise<SecretFacts | Refusal>;
  list(): Promise<readonly SecretFacts[]>;
  remove(name: string, by: string): Promise<undefined | Refusal>;
  /** Seals all of them anew under a new key, or under the first one of the configuration. */
  rekey(by: string): Promise<{ readonly keyId: string; readonly resealed: number } | Refusal>;
  readonly source: SecretSource;
}

export interface SealedSecretsOptions {
  readonly store: SealedSecretStore;
  readonly keys: KeyRing;
  readonly record: RecordSecretEvent;
  readonly nowMs: () => number;
}

const CHANGED_MEANWHILE = refuse(
  'unavailable',
  'secret/changed-meanwhile',
  'somebody else changed this secret at the same moment',
  { hint: 'look at it with `sallyport secret list` and try again' },
);

export function createSealedSecrets(options: SealedSecretsOptions): SealedSecrets {
  const { store, keys, record, nowMs } = options;

  /** Versions never come twice, not even after a removal: the clock goes on. */
  const versionAfter = (before: SealedSecret | undefined): number =>
    Math.max(nowMs(), (before?.version ?? 0) + 1);

  function open(secret: SealedSecret): string {
    const key = keys.read().find(({ id }) => id === secret.keyId);
    if (key === undefined) throw new SecretFault('the key that sealed it is not there');
    const value = unseal(secret.sealed, secret, key);
    if (value === undefined) throw new SecretFault('it was altered in the store');
    return value;
  }

  async function put(
    value: string,
    before: SealedSecret | undefined,
    facts: { readonly name: string; readonly by: string },
    key: SealingKey,
  ): Promise<SealedSecret | undefined> {
    const version = versionAfter(before);
    const secret: SealedSecret = {
      name: facts.name,
      version,
      keyId: key.id,
      sealed: seal(value, { name: facts.name, version }, key),
      changedBy: facts.by,
      changedAtMs: nowMs(),
    };
    return (await store.putSealedSecret(secret, before?.version)) ? secret : undefined;
  }

  return {
    async set(name, value, by) {
      if (!isStoredName(name))
        return refuse('blocked', 'secret/name', 'a secret cannot be called this', {
          hint: 'letters in lower case, digits, `.`, `_`, `-`; at most 63',
        });
      if (value === '' || value.length > MAX_SECRET_LENGTH)
        return refuse(
          'blocked',
          'secret/length',
          `a secret has 1 to ${MAX_SECRET_LENGTH} characters`,
        );
      const before = await store.findSealedSecret(name);
      if (
        before === undefined &&
        (await store.listSealedSecrets(MAX_SEALED_SECRETS)).length >= MAX_SEALED_SECRETS
      )
        return refuse('limit', 'limit/sealed-secrets', `at most ${MAX_SEALED_SECRETS} secrets`);
      const [key] = keys.read();
      const unrecorded = await record({
        type: 'secret.set',
        by,
        about: name,
        detail: `${by} ${before === undefined ? 'set' : 'replaced'} the secret ${name}`,
      });
      if (unrecorded !== undefined) return unrecorded;
      const secret = await put(value, before, { name, by }, key);
      return secret === undefined ? CHANGED_MEANWHILE : factsOf(secret);
    },
    async list() {
      return (await store.listSealedSecrets(MAX_SEALED_SECRETS)).map(factsOf);
    },
    async remove(name, by) {
      if ((await store.findSealedSecret(name)) === undefined)
        return refuse('blocked', 'secret/not-found', 'there is no secret of this name');
      const detail = `${by} removed the secret ${name}`;
      const unrecorded = await record({ type: 'secret.removed', by, about: name, detail });
      if (unrecorded !== undefined) return unrecorded;
      await store.removeSealedSecret(name);
      return undefined;
    },
    async rekey(by) {
      const { rotation } = keys;
      const all = await store.listSealedSecrets(MAX_SEALED_SECRETS);
      // Everything must open before any key is changed: what does not would be lost with the old one.
      const values = all.map((secret) => ({ secret, value: tryOpen(secret) }));
      const lost = values.filter(({ value }) => value === undefined);
      if (lost.length > 0)
        return refuse(
          'blocked',
          'secret/unopened',
          'some secrets do not open with the keys there are',
          {
            hint: `set or remove them first: ${lost.map(({ secret }) => secret.name).join(', ')}`,
          },
        );
      const key = rotation?.begin() ?? keys.read()[0];
      const detail = `${by} sealed ${all.length} secrets anew under the key ${key.id}`;
      const unrecorded = await record({ type: 'secret.rekeyed', by, about: key.id, detail });
      if (unrecorded !== undefined) return unrecorded;
      let resealed = 0;
      for (const { secret, value } of values) {
        if (secret.keyId === key.id || value === undefined) continue;
        const facts = { name: secret.name, by: secret.changedBy };
        // Changed meanwhile: whoever did that sealed it under the new key, which stands first.
        if ((await put(value, secret, facts, key)) !== undefined) resealed += 1;
      }
      const left = await store.listSealedSecrets(MAX_SEALED_SECRETS);
      if (left.every(({ keyId }) => keyId === key.id)) rotation?.end(key);
      return { keyId: key.id, resealed };
    },
    source: {
      async fetch(name): Promise<FetchedSecret> {
        const secret = await store.findSealedSecret(name).catch(() => {
          throw new SecretFault('the store does not answer');
        });
        if (secret === undefined) throw new SecretFault('the store has no secret of this name');
        return { whole: open(secret), fields: {} };
      },
    },
  };

  function tryOpen(secret: SealedSecret): string | undefined {
    try {
      return open(secret);
    } catch (error) {
      if (error instanceof SecretFault) return undefined;
      throw error;
    }
  }
}

function factsOf({ sealed: _sealed, ...facts }: SealedSecret): SecretFacts {
  return facts;
}
