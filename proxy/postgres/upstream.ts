/**
 * The gateway's own connection to a target: dialled with a permit only, encrypted as configured, signed in with the target's
 * credential, which the client never sees. What the server said on the way (its settings, its cancel key) comes along.
 *
 * It must not see the client's token. PostgreSQL documentation, "Message Flow: Start-up"; libpq's CVE-2021-23222.
 */
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { ProxyError } from '../error.ts';
import type { Permit } from '../gate/permit.ts';
import type { BorrowedSecrets, PostgresUpstream, SecretPort } from '../gate/ports.ts';
import { type Account, chooseAccount } from './account.ts';
import { assertRole } from './assert-role.ts';
import { readChunk } from './read-chunk.ts';
import { signIn } from './upstream-sign-in.ts';
import { encodeCancelRequest, encodeSslRequest } from './wire/frontend-encode.ts';

export interface UpstreamConnection {
  readonly socket: Socket;
  /** ParameterStatus as told so far. */
  readonly parameters: ReadonlyMap<string, string>;
  readonly cancelKey: { readonly processId: number; readonly key: Buffer } | undefined;
  /** The role that all of it runs as, which the session must not leave; undefined where the user stands for itself. */
  readonly role: string | undefined;
}

/** How the gateway signs in: an account with its secrets, as they are now. */
export interface Login {
  readonly user: string;
  readonly password: string | undefined;
  readonly role: string | undefined;
}

export interface DialOptions {
  readonly secrets: SecretPort;
  readonly timeoutMs: number;
  /** Aborts the dial: the client is gone. */
  readonly signal: AbortSignal;
  /** Settings of the start-up packet beside user and database. */
  readonly settings: ReadonlyMap<string, string>;
  /** An unguessable text for SCRAM. */
  readonly nonce: string;
}

/** The PostgreSQL target of a permit. */
export function upstreamOf(permit: Permit): PostgresUpstream {
  const { upstream, resource } = permit.target;
  if (upstream.kind === 'postgres') return upstream;
  throw new ProxyError('target/protocol', `resource ${resource.name} is not a PostgreSQL server`, {
    hint: 'Give the resource an upstream of kind postgres, or use the listener of its own protocol.',
  });
}

/**
 * Connects and signs in, once more when the target refuses a credential that has been changed since. Throws `target/...` and
 * `secret/unavailable`.
 */
export async function dial(permit: Permit, options: DialOptions): Promise<UpstreamConnection> {
  const target = upstreamOf(permit);
  const account = chooseAccount(target, permit.identity);
  const timeout = AbortSignal.timeout(options.timeoutMs);
  for (let isLast = false; ; isLast = true) {
    const borrowed = await options.secrets.borrow(
      [account.password, account.userSecret].filter((secret) => secret !== undefined),
    );
    try {
      const connection = await dialOnce(target, loginOf(account, borrowed), options, timeout);
      connection.socket.once('close', borrowed.release);
      if (connection.socket.closed) borrowed.release();
      return connection;
    } catch (error) {
      const isRefused = error instanceof ProxyError && error.code === 'target/refused-credential';
      const mayRetry = isRefused && !isLast && (await borrowed.refused());
      borrowed.release();
      if (!mayRetry) throw error;
    }
  }
}

/** The values stand in the order in which `dial` borrowed them. */
function loginOf(account: Account, { values }: BorrowedSecrets): Login {
  const rest = [...values];
  const password = account.password === undefined ? undefined : rest.shift();
  const user = account.userSecret === undefined ? account.user : (rest.shift() ?? '');
  return { user, password, role: account.role };
}

async function dialOnce(
  target: PostgresUpstream,
  login: Login,
  options: DialOptions,
  timeout: AbortSignal,
): Promise<UpstreamConnection> {
  const socket = await connect(target, AbortSignal.any([options.signal, timeout]));
  const stop = (): void => void socket.destroy();
  timeout.addEventListener('abort', stop);
  options.signal.addEventListener('abort', stop);
  try {
    const connection = await signIn(socket, target, login, options);
    if (login.role !== undefined) await assertRole(socket, login.role);
    return connection;
  } catch (cause) {
    socket.destroy();
    if (timeout.aborted)
      throw unreachableTarget(target, `no answer within ${options.timeoutMs} ms`, cause);
    throw cause;
  } finally {
    timeout.removeEventListener('abort', stop);
    options.signal.removeEventListener('abort', stop);
  }
}

/** Asks the server to cancel what that session runs; resolves when the server has closed the connection, which is its only answer. */
export async function cancelUpstream(
  permit: Permit,
  key: { readonly processId: number; readonly key: Buffer },
  timeoutMs: number,
): Promise<void> {
  const target = upstreamOf(permit);
  const socket = await connect(target, AbortSignal.timeout(timeoutMs));
  socket.setTimeout(timeoutMs, () => socket.destroy());
  socket.on('error', () => socket.destroy());
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.resume();
  socket.end(encodeCancelRequest(key.processId, key.key));
  await closed;
}

async function connect(target: PostgresUpstream, signal: AbortSignal): Promise<Socket> {
  const raw = await open(target, signal);
  if (target.tls === 'disable') return raw;
  try {
    return await encrypt(raw, target, signal);
  } catch (cause) {
    raw.destroy();
    throw cause;
  }
}

function open(target: PostgresUpstream, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connectTcp({
      host: target.host,
      port: target.port,
      noDelay: true,
      keepAlive: true,
    });
    // Not the socket's own `signal` option: that one goes on ending the socket after it has connected.
    const stop = (): void => void socket.destroy(signal.reason);
    const fail = (cause: unknown): void => {
      signal.removeEventListener('abort', stop);
      reject(unreachableTarget(target, describeCause(cause), cause));
    };
    socket.once('error', fail);
    socket.once('connect', () => {
      signal.removeEventListener('abort', stop);
      socket.off('error', fail);
      resolve(socket);
    });
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop);
  });
}

async function encrypt(
  raw: Socket,
  target: PostgresUpstream,
  signal: AbortSignal,
): Promise<Socket> {
  const stop = (): void => void raw.destroy();
  signal.addEventListener('abort', stop);
  try {
    raw.write(encodeSslRequest());
    const answer = await readChunk(raw, 'target/unreachable');
    // A byte more than the answer was not encrypted and is not the server's: somebody sits in between.
    if (answer.length !== 1)
      throw new ProxyError('target/protocol', 'the target sent bytes before the TLS handshake');
    if (answer.toString('latin1') === 'S') return await startTls(raw, target);
    if (target.tls === 'prefer') return raw;
    throw new ProxyError('target/protocol', `${target.host}:${target.port} does not offer TLS`, {
      hint: 'Turn on ssl at the server, or set the upstream to tls: prefer.',
    });
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

function startTls(raw: Socket, target: PostgresUpstream): Promise<TLSSocket> {
  const verify = target.tls === 'verify-full';
  return new Promise((resolve, reject) => {
    const socket = connectTls({
      socket: raw,
      host: target.host,
      ...(/^[\d.]+$|:/.test(target.host) ? {} : { servername: target.host }),
      rejectUnauthorized: verify,
      ...(target.ca === undefined ? {} : { ca: target.ca }),
      ALPNProtocols: ['postgresql'],
    });
    const fail = (cause?: unknown): void => {
      const why = `the TLS handshake failed: ${describeCause(cause)}`;
      reject(unreachableTarget(target, why, cause));
    };
    socket.once('error', fail);
    socket.once('close', fail);
    socket.once('secureConnect', () => {
      socket.off('error', fail);
      socket.off('close', fail);
      resolve(socket);
    });
  });
}

function unreachableTarget(target: PostgresUpstream, why: string, cause: unknown): ProxyError {
  return new ProxyError(
    'target/unreachable',
    `the target ${target.host}:${target.port} cannot be reached: ${why}`,
    {
      cause,
      hint: 'Check that the server runs and that the gateway may reach it.',
    },
  );
}

function describeCause(cause: unknown): string {
  if (
    typeof cause === 'object' &&
    cause !== null &&
    'code' in cause &&
    typeof cause.code === 'string'
  ) {
    return cause.code;
  }
  return cause instanceof Error ? cause.message : 'the connection was closed';
}
