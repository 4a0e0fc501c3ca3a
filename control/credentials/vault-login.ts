/**
 * Who the gateway is at a Vault-compatible server: a token from the configuration or a file, or one got by AppRole or as a
 * Kubernetes service account, prolonged for as long as the server lets it. Leases end with the token they were made with, so it is
 * renewed rather than replaced.
 *
 * It must not put a token, role id or secret id into a message. Vault HTTP API: auth/token, auth/approle, auth/kubernetes.
 */
import { readFile } from 'node:fs/promises';
import type { Secret } from '../config/secret.ts';
import type { JsonAnswer, SendJson } from './json-request.ts';
import { SecretFault } from './secret-source.ts';

export type VaultAuth =
  | { readonly kind: 'token'; readonly token: Secret }
  | { readonly kind: 'token-file'; readonly file: string }
  | {
      readonly kind: 'app-role';
      readonly mount: string;
      readonly roleId: Secret;
      readonly secretId: Secret | undefined;
    }
  | {
      readonly kind: 'kubernetes';
      readonly mount: string;
      readonly role: string;
      readonly tokenFile: string;
    };

export interface VaultLogin {
  /** The token to use now. Rejects with a `SecretFault`. */
  token(): Promise<string>;
  /**
   * The server refused something to this token: true when that is because it is no longer one, and the next call signs in anew. A
   * token that stands is kept: the leases that were made with it end with it.
   */
  isLost(token: string): Promise<boolean>;
  close(): void;
}

export interface VaultLoginOptions {
  readonly auth: VaultAuth;
  /** Without the slash at its end. */
  readonly address: string;
  readonly namespace: string | undefined;
  readonly send: SendJson;
  readonly nowMs: () => number;
}

interface Held {
  readonly token: string;
  endsAtMs: number;
}

/** Part of its life after which a token is renewed. */
const RENEW_AT = 2 / 3;
/** Milliseconds between two tries to renew. */
const RETRY_MS = 2_000;
/** Milliseconds before its end at which a token is no longer used. */
const MARGIN_MS = 1_000;

export function createVaultLogin(options: VaultLoginOptions): VaultLogin {
  const { auth, address, namespace, send, nowMs } = options;
  let held: Held | undefined;
  let entering: Promise<Held> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;

  const ask = (path: string, body: object | undefined, token?: string): Promise<JsonAnswer> =>
    send({
      method: body === undefined ? 'GET' : 'POST',
      url: `${address}/v1/${path}`,
      headers: {
        ...vaultHeaders(namespace, token),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });

  async function enter(): Promise<Held> {
    switch (auth.kind) {
      case 'token':
        return inspectToken(auth.token.reveal());
      case 'token-file':
        return inspectToken(await readTokenFile(auth.file));
      case 'app-role':
        return signIn(auth.mount, {
          role_id: auth.roleId.reveal(),
          ...(auth.secretId === undefined ? {} : { secret_id: auth.secretId.reveal() }),
        });
      case 'kubernetes':
        return signIn(auth.mount, { role: auth.role, jwt: await readTokenFile(auth.tokenFile) });
    }
  }

  async function inspectToken(token: string): Promise<Held> {
    const { status, body } = await ask('auth/token/lookup-self', undefined, token);
    if (status === 403) throw new SecretFault('Vault does not take the token (403)');
    // Without the right to look itself up a token can still read; it is used as it is.
    const seconds = status === 200 ? numberAt(body, 'data', 'ttl') : 0;
    const isRenewable = status === 200 && valueAt(body, 'data', 'renewable') === true;
    return keep(token, seconds, isRenewable);
  }

  async function signIn(mount: string, body: object): Promise<Held> {
    const { status, body: answer } = await ask(`auth/${mount}/login`, body);
    const token = valueAt(answer, 'auth', 'client_token');
    if (status !== 200 || typeof token !== 'string')
      throw new SecretFault(`Vault does not let the gateway in by ${mount} (${status})`);
    const isRenewable = valueAt(answer, 'auth', 'renewable') === true;
    return keep(token, numberAt(answer, 'auth', 'lease_duration'), isRenewable);
  }

  /** A life of 0 is one without end. */
  function keep(token: string, seconds: number, isRenewable: boolean): Held {
    const made: Held = { token, endsAtMs: endOf(seconds) };
    held = made;
    clearTimeout(timer);
    if (isRenewable && seconds > 0) later(made, seconds * 1000 * RENEW_AT);
    return made;
  }

  function endOf(seconds: number): number {
    return seconds > 0 ? nowMs() + seconds * 1000 : Number.POSITIVE_INFINITY;
  }

  function later(made: Held, afterMs: number): void {
    if (isClosed) return;
    timer = setTimeout(() => void renew(made), Math.min(Math.max(afterMs, 1), 2 ** 31 - 1));
    timer.unref();
  }

  async function renew(made: Held): Promise<void> {
    if (held !== made) return;
    try {
      const { status, body } = await ask('auth/token/renew-self', {}, made.token);
      if (status !== 200) return;
      const seconds = numberAt(body, 'auth', 'lease_duration');
      made.endsAtMs = endOf(seconds);
      // What is left shrinks towards the longest life of the token: there is no use in asking ever more often.
      if (seconds * 1000 > RETRY_MS) later(made, seconds * 1000 * RENEW_AT);
    } catch {
      if (nowMs() < made.endsAtMs) later(made, RETRY_MS);
    }
  }

  return {
    async token() {
      if (held !== undefined && nowMs() < held.endsAtMs - MARGIN_MS) return held.token;
      entering ??= enter().finally(() => {
        entering = undefined;
      });
      return (await entering).token;
    },
    async isLost(token) {
      if (auth.kind === 'token') return false;
      const { status } = await ask('auth/token/lookup-self', undefined, token);
      if (status !== 403) return false;
      if (held?.token === token) held = undefined;
      return true;
    },
    close() {
      isClosed = true;
      clearTimeout(timer);
    },
  };
}

/** The headers of every request; `X-Vault-Request` keeps a proxy from being tricked into sending one. */
export function vaultHeaders(
  namespace: string | undefined,
  token: string | undefined,
): Record<string, string> {
  return {
    'x-vault-request': 'true',
    ...(namespace === undefined ? {} : { 'x-vault-namespace': namespace }),
    ...(token === undefined ? {} : { 'x-vault-token': token }),
  };
}

/** What stands under these keys of an answer; undefined where there is nothing. */
export function valueAt(body: unknown, ...keys: readonly string[]): unknown {
  let value = body;
  for (const key of keys) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}

/** A number of an answer; 0 for anything else. */
export function numberAt(body: unknown, ...keys: readonly string[]): number {
  const value = valueAt(body, ...keys);
  return typeof value === 'number' && Number.isFinite(value) ? value : 0;
}

async function readTokenFile(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new SecretFault('the token file for Vault cannot be read', { cause });
  });
  if (text.trim() !== '') return text.trim();
  throw new SecretFault('the token file for Vault is empty');
}
