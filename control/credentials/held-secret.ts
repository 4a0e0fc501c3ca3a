/**
 * One secret of one source, held in memory: fetched when it is asked for, once for all who ask at the same time, prolonged while it is
 * used, given back when nobody needs it. While its source does not answer the last value is used for a bounded time; when there
 * is none, nothing is.
 */
import {
  type FetchedSecret,
  SecretFault,
  type SecretLease,
  type SecretSource,
} from './secret-source.ts';

/** Milliseconds before a source that failed is asked again; meanwhile clients are not made to wait for it. */
const RETRY_MS = 2_000;
/** Milliseconds between two fetches that refused credentials ask for: a wrong one must not become a storm. */
const REFUSED_MS = 1_000;
/** Part of a lease after which it is prolonged. */
const RENEW_AT = 2 / 3;
/** A lease that is prolonged to less than this part of its first length nears its end: new sessions get another. */
const LAST_PART = 1 / 2;
/** Milliseconds between two tries to prolong while the source does not answer. */
const RENEW_RETRY_MS = 1_000;

export interface HeldSecretOptions {
  readonly source: SecretSource;
  readonly path: string;
  /** Milliseconds for which a value without lease is believed. */
  readonly freshMs: number;
  /** Milliseconds for which the last value is used while the source fails. */
  readonly keepMs: number;
  readonly nowMs: () => number;
  /** Told when it cannot be had, with the reason, and undefined when it can again. Once for each change. */
  readonly onFault: (reason: string | undefined) => void;
  /** Told when a lease ends although sessions stand on it. */
  readonly onLost: () => void;
}

/** A value and those who use it. */
export interface Generation {
  readonly secret: FetchedSecret;
  /** Milliseconds since the epoch at which it was last known to be right. */
  atMs: number;
  /** When its lease ends; never for a value without. */
  endsAtMs: number;
  users: number;
  /** Used since its lease was last prolonged. */
  wasUsed: boolean;
  timer: NodeJS.Timeout | undefined;
  isOver: boolean;
}

export class HeldSecret {
  readonly #options: HeldSecretOptions;
  readonly #live = new Set<Generation>();
  #current: Generation | undefined;
  #fetching: Promise<Generation> | undefined;
  #fault: string | undefined;
  #failedAtMs = Number.NEGATIVE_INFINITY;
  #refusedAtMs = Number.NEGATIVE_INFINITY;
  #isClosed = false;

  constructor(options: HeldSecretOptions) {
    this.#options = options;
  }

  /** Why it cannot be had now; undefined when it can. */
  get fault(): string | undefined {
    return this.#fault;
  }

  /** The value for a new use, counted until `give`. Rejects with a `SecretFault`. */
  async take(): Promise<Generation> {
    const generation = this.#fresh() ?? (await this.#renewed());
    generation.users += 1;
    generation.wasUsed = true;
    return generation;
  }

  /** A use has ended. */
  give(generation: Generation): void {
    generation.users -= 1;
    if (generation !== this.#current && generation.users === 0) void this.#end(generation);
  }

  /** The target did not take it: true when there is another value now. */
  async replace(generation: Generation): Promise<boolean> {
    const { nowMs } = this.#options;
    if (this.#current === generation && nowMs() - this.#refusedAtMs >= REFUSED_MS) {
      this.#refusedAtMs = nowMs();
      await this.#fetch().catch(() => undefined);
    } else if (this.#fetching !== undefined) {
      await this.#fetching.catch(() => undefined);
    }
    return this.#current !== undefined && this.#current !== generation;
  }

  /** What is held is out of date: the next use fetches. */
  invalidate(): void {
    if (this.#current !== undefined) this.#current.atMs = Number.NEGATIVE_INFINITY;
    this.#failedAtMs = Number.NEGATIVE_INFINITY;
  }

  /** Gives back every lease; settles when that is done or has failed. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#current = undefined;
    await Promise.all([...this.#live].map((generation) => this.#end(generation)));
  }

  #fresh(): Generation | undefined {
    const current = this.#current;
    if (current === undefined) return undefined;
    const now = this.#options.nowMs();
    if (current.secret.lease !== undefined) return now < current.endsAtMs ? current : undefined;
    const age = now - current.atMs;
    return age >= 0 && age < this.#options.freshMs ? current : undefined;
  }

  async #renewed(): Promise<Generation> {
    const { nowMs } = this.#options;
    try {
      if (this.#fault !== undefined && nowMs() - this.#failedAtMs < RETRY_MS)
        throw new SecretFault(this.#fault);
      return await this.#fetch();
    } catch (error) {
      const last = this.#current;
      const isUsable =
        last !== undefined && nowMs() < Math.min(last.endsAtMs, last.atMs + this.#options.keepMs);
      if (isUsable) return last;
      throw error;
    }
  }

  #fetch(): Promise<Generation> {
    this.#fetching ??= this.#fetchNow().finally(() => {
      this.#fetching = undefined;
    });
    return this.#fetching;
  }

  async #fetchNow(): Promise<Generation> {
    const { source, path, nowMs } = this.#options;
    try {
      const secret = await source.fetch(path);
      this.#report(undefined);
      return this.#adopt(secret);
    } catch (error) {
      this.#failedAtMs = nowMs();
      this.#report(error instanceof SecretFault ? error.message : 'it could not be fetched');
      throw error;
    }
  }

  #report(reason: string | undefined): void {
    if (reason === this.#fault) return;
    this.#fault = reason;
    this.#options.onFault(reason);
  }

  #adopt(secret: FetchedSecret): Generation {
    const now = this.#options.nowMs();
    const before = this.#current;
    if (before !== undefined && secret.lease === undefined && isSame(before.secret, secret)) {
      before.atMs = now;
      return before;
    }
    const generation: Generation = {
      secret,
      atMs: now,
      endsAtMs:
        secret.lease === undefined ? Number.POSITIVE_INFINITY : now + secret.lease.durationMs,
      users: 0,
      wasUsed: true,
      timer: undefined,
      isOver: false,
    };
    this.#live.add(generation);
    this.#current = generation;
    if (before?.users === 0) void this.#end(before);
    if (secret.lease !== undefined) this.#watch(generation, secret.lease);
    if (this.#isClosed) void this.close();
    return generation;
  }

  #watch(generation: Generation, lease: SecretLease): void {
    const left = generation.endsAtMs - this.#options.nowMs();
    this.#later(generation, left * RENEW_AT, () => void this.#prolong(generation, lease));
  }

  #later(generation: Generation, afterMs: number, work: () => void): void {
    // A timer holds 31 bits of milliseconds.
    generation.timer = setTimeout(work, Math.min(Math.max(afterMs, 1), 2 ** 31 - 1));
    generation.timer.unref();
  }

  async #prolong(generation: Generation, lease: SecretLease): Promise<void> {
    const { nowMs } = this.#options;
    if (generation.isOver) return;
    if (generation.users === 0 && !generation.wasUsed) {
      this.#retire(generation);
      return;
    }
    generation.wasUsed = false;
    try {
      const leftMs = await lease.renew();
      if (generation.isOver) return;
      if (leftMs === undefined) return this.#lose(generation);
      generation.atMs = nowMs();
      generation.endsAtMs = nowMs() + leftMs;
      if (leftMs < lease.durationMs * LAST_PART) this.#retire(generation);
      if (!generation.isOver) this.#watch(generation, lease);
    } catch {
      generation.wasUsed = true;
      if (nowMs() >= generation.endsAtMs) this.#lose(generation);
      else this.#later(generation, RENEW_RETRY_MS, () => void this.#prolong(generation, lease));
    }
  }

  #lose(generation: Generation): void {
    if (generation.users > 0) this.#options.onLost();
    this.#retire(generation);
  }

  /** No new use of it; those there are go on. */
  #retire(generation: Generation): void {
    if (this.#current === generation) this.#current = undefined;
    if (generation.users === 0) void this.#end(generation);
  }

  async #end(generation: Generation): Promise<void> {
    if (generation.isOver) return;
    generation.isOver = true;
    clearTimeout(generation.timer);
    this.#live.delete(generation);
    // What cannot be given back ends by itself.
    await generation.secret.lease?.revoke().catch(() => undefined);
  }
}

function isSame(one: FetchedSecret, other: FetchedSecret): boolean {
  const [names, others] = [Object.keys(one.fields), Object.keys(other.fields)];
  return (
    one.whole === other.whole &&
    names.length === others.length &&
    names.every((name) => one.fields[name] === other.fields[name])
  );
}
