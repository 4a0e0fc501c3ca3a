/**
 * The secret port of the data plane: puts the values of the configuration together from text and from what their sources give.
 * A user and its password that come from one secret are always of one moment.
 */
import { ProxyError } from '../../proxy/error.ts';
import type { BorrowedSecrets, SecretPort, SecretRef } from '../../proxy/gate/ports.ts';
import type { Secret, SecretPart } from '../config/secret.ts';
import type { SecretReference, SecretSourceName } from '../config/secret-reference.ts';
import { type Generation, HeldSecret } from './held-secret.ts';
import { SecretFault, type SecretSource } from './secret-source.ts';

export interface SecretPortOptions {
  readonly secrets: ReadonlyMap<string, Secret>;
  /** A source that is not configured is undefined. */
  readonly sources: Readonly<Record<SecretSourceName, SecretSource | undefined>>;
  readonly freshMs: number;
  readonly keepMs: number;
  readonly nowMs: () => number;
  /** Told when a secret cannot be had (`vault:secret/shop` and why), and undefined when it can again. */
  readonly onFault: (name: string, reason: string | undefined) => void;
  /** Told when an account that a source lent has ended while sessions stand on it. */
  readonly onLost: (name: string) => void;
}

export interface RunningSecretPort extends SecretPort {
  /** `ok`, or how many cannot be had. */
  health(): string;
  /** Fetches all of them, so that what is wrong is known before the first client comes. Never rejects. */
  warm(): Promise<void>;
  /** What is held of it is out of date. */
  invalidate(source: SecretSourceName, path: string): void;
  /** Gives back what was lent. */
  close(): Promise<void>;
}

const NOTHING: BorrowedSecrets = {
  values: [],
  refused: () => Promise.resolve(false),
  release: () => undefined,
};

export function createSecretPort(options: SecretPortOptions): RunningSecretPort {
  const held = new Map<string, HeldSecret>();
  /** References that no fetch can satisfy: the source is not configured, the secret has no such field. */
  const misfits = new Map<string, string>();

  function note(name: string, reason: string | undefined): void {
    if (misfits.get(name) === reason) return;
    if (reason === undefined) misfits.delete(name);
    else misfits.set(name, reason);
    options.onFault(name, reason);
  }

  function hold(reference: SecretReference): HeldSecret {
    const name = nameOf(reference);
    const known = held.get(name);
    if (known !== undefined) return known;
    const source = options.sources[reference.source];
    if (source === undefined) {
      const reason = `\`secrets.${reference.source}\` is not configured`;
      note(name, reason);
      throw new SecretFault(reason);
    }
    const made = new HeldSecret({
      source,
      path: reference.path,
      freshMs: source.freshMs ?? options.freshMs,
      keepMs: options.keepMs,
      nowMs: options.nowMs,
      onFault: (reason) => options.onFault(name, reason),
      onLost: () => options.onLost(name),
    });
    held.set(name, made);
    return made;
  }

  function partsOf({ id }: SecretRef): readonly SecretPart[] {
    const secret = options.secrets.get(id);
    if (secret !== undefined) return secret.revealParts();
    throw new ProxyError('secret/unavailable', `there is no secret ${id}`);
  }

  function fieldOf(reference: SecretReference, { secret }: Generation): string {
    const { field } = reference;
    const value =
      field === undefined
        ? secret.whole
        : Object.hasOwn(secret.fields, field)
          ? secret.fields[field]
          : undefined;
    const isThere = value !== undefined && value !== '';
    const missing =
      field === undefined ? 'it has several fields: name one' : 'it has no such field';
    note(`${nameOf(reference)}#${field ?? ''}`, isThere ? undefined : missing);
    if (isThere) return value;
    throw new SecretFault(missing);
  }

  async function borrowFetched(
    wanted: readonly (readonly SecretPart[])[],
  ): Promise<BorrowedSecrets> {
    const taken = new Map<HeldSecret, Generation>();
    const release = (): void => {
      for (const [from, generation] of taken) from.give(generation);
      taken.clear();
    };
    const textOf = async (part: SecretPart): Promise<string> => {
      if (typeof part === 'string') return part;
      const from = hold(part);
      const generation = taken.get(from) ?? (await from.take());
      taken.set(from, generation);
      return fieldOf(part, generation);
    };
    try {
      const values: string[] = [];
      for (const parts of wanted) {
        let value = '';
        for (const part of parts) value += await textOf(part);
        values.push(value);
      }
      const used = new Map(taken);
      return {
        values,
        release,
        async refused() {
          const changes = [...used].map(([from, generation]) => from.replace(generation));
          return (await Promise.all(changes)).includes(true);
        },
      };
    } catch (cause) {
      release();
      // Which secret and why is in the log and on /healthz; it is not the client's to know.
      throw new ProxyError(
        'secret/unavailable',
        'the credential of the target cannot be had at present',
        { cause, hint: 'Ask the operator: the log of the gateway says why.' },
      );
    }
  }

  async function borrow(refs: readonly SecretRef[]): Promise<BorrowedSecrets> {
    const wanted = refs.map(partsOf);
    return wanted.flat().every((part) => typeof part === 'string')
      ? { ...NOTHING, values: wanted.map((parts) => parts.join('')) }
      : borrowFetched(wanted);
  }

  return {
    borrow,
    health() {
      const faulty = [...held.values()].filter(({ fault }) => fault !== undefined);
      const count = misfits.size + faulty.length;
      // Anybody may ask for this: names and reasons are in the log.
      return count === 0 ? 'ok' : `ok, but ${count} of them cannot be had; the log says which`;
    },
    async warm() {
      const each = [...options.secrets.keys()].map((id) => borrow([{ id }]));
      for (const result of await Promise.allSettled(each))
        if (result.status === 'fulfilled') result.value.release();
    },
    invalidate: (source, path) => held.get(nameOf({ source, path }))?.invalidate(),
    async close() {
      await Promise.all([...held.values()].map((secret) => secret.close()));
    },
  };
}

function nameOf({ source, path }: Pick<SecretReference, 'source' | 'path'>): string {
  return `${source}:${path}`;
}
