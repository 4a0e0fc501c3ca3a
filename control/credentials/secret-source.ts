/**
 * What a place that keeps secrets is to the rest: it gives a secret as it is now, and for an account that it made for us, a lease.
 * Values stay in memory; nothing in this folder writes one down or puts one into a message.
 */

/** A secret at one moment. */
export interface FetchedSecret {
  /** The whole of it, where that is one text. */
  readonly whole: string | undefined;
  readonly fields: Readonly<Record<string, string>>;
  /** Present when it ends unless it is prolonged. */
  readonly lease?: SecretLease;
}

export interface SecretLease {
  readonly durationMs: number;
  /** Prolongs it; milliseconds from now, or undefined when it has ended or will not be prolonged. Rejects on an outage. */
  renew(): Promise<number | undefined>;
  /** Gives it back; rejects when that cannot be told. */
  revoke(): Promise<void>;
}

export interface SecretSource {
  /** Milliseconds for which a value without lease is taken as it is; the configured time when left out. */
  readonly freshMs?: number;
  /** Rejects with a `SecretFault`. */
  fetch(path: string): Promise<FetchedSecret>;
}

/** Why a secret cannot be had, in words that hold nothing of it. */
export class SecretFault extends Error {
  /** Marks it as a fault of the surroundings: the log shows no stack of it. */
  readonly code = 'secret/unavailable';

  constructor(message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.name = 'SecretFault';
  }
}

/** The members of an object that are text, numbers and truth values included; undefined for what is no object. */
export function textFields(value: unknown): Readonly<Record<string, string>> | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, item]: [string, unknown]) =>
      typeof item === 'string' || typeof item === 'number' || typeof item === 'boolean'
        ? [[name, String(item)]]
        : [],
    ),
  );
}
