/**
 * The PostgreSQL listener: accepts, bounds what has not signed in, admits through the gate, dials with the permit, and hands
 * the two sockets to a session. Every failure is told in PostgreSQL's own tongue where the client can still read it.
 *
 * It must not decide anything. A listener has no state that outlives it.
 */
import { randomBytes } from 'node:crypto';
import { createServer, type Server, type Socket } from 'node:net';
import { createSecureContext } from 'node:tls';
import { ProxyError } from '../error.ts';
import type { Gate } from '../gate/gate.ts';
import type { SecretPort } from '../gate/ports.ts';
import type { ListenAddress, Listener, ProtocolServer } from '../gate/protocol.ts';
import type { MaskKey } from '../mask/methods.ts';
import { createSqlAnalyser } from '../sql/analyser.ts';
import type { PostgresMajor, SqlAnalyser } from '../sql/facts.ts';
import { type CancelKeys, createCancelKeys } from './cancel-keys.ts';
import { admit, type ConnectionHost } from './connection.ts';
import type { ListenerTls } from './handshake.ts';
import { DEFAULT_LIMITS, type PostgresLimits } from './limits.ts';
import { encodeReport } from './wire/backend-encode.ts';

export interface PostgresServerTls {
  /** PEM, the chain included. */
  readonly certificate: string;
  readonly key: string;
  /** Refuses clients that do not encrypt. */
  readonly required: boolean;
  /** Asks clients for a certificate, for tokens that are bound to one. */
  readonly requestCert?: boolean;
}

/** Something an operator may want to read; never a credential, never SQL. */
export type PostgresLog = (
  level: 'info' | 'warn',
  event: string,
  fields: Readonly<Record<string, unknown>>,
) => void;

export interface PostgresServerOptions {
  readonly gate: Gate;
  readonly secrets: SecretPort;
  /** Keys for the masks of a resource. */
  readonly maskKey: (resource: string) => MaskKey;
  readonly tls?: PostgresServerTls | undefined;
  readonly limits?: Partial<PostgresLimits>;
  readonly log?: PostgresLog;
}

/** What a listener has counted since it was bound. */
export interface PostgresCounters {
  accepted: number;
  /** Closed because too many had not signed in. */
  halfOpenClosed: number;
  /** Closed because signing in took too long. */
  handshakeTimeouts: number;
  /** Closed because there were too many connections. */
  overLimit: number;
  /** Malformed or unexpected messages of clients. */
  protocolErrors: number;
  refused: number;
  cancels: number;
}

export interface PostgresListener extends Listener {
  readonly counters: Readonly<PostgresCounters>;
}

export interface PostgresProtocolServer extends ProtocolServer {
  bind(address: ListenAddress): Promise<PostgresListener>;
}

export function createPostgresServer(options: PostgresServerOptions): PostgresProtocolServer {
  const limits: PostgresLimits = { ...DEFAULT_LIMITS, ...options.limits };
  const tls: ListenerTls | undefined =
    options.tls === undefined
      ? undefined
      : {
          context: createSecureContext({
            cert: options.tls.certificate,
            key: options.tls.key,
            minVersion: 'TLSv1.2',
          }),
          required: options.tls.required,
          requestCert: options.tls.requestCert ?? false,
        };
  return {
    name: 'postgres',
    bind: (address) => bind(address, options, limits, tls),
  };
}

async function bind(
  address: ListenAddress,
  options: PostgresServerOptions,
  limits: PostgresLimits,
  tls: ListenerTls | undefined,
): Promise<PostgresListener> {
  const analysers = new Map<PostgresMajor, Promise<SqlAnalyser>>();
  const cancelKeys: CancelKeys = createCancelKeys(randomBytes);
  const counters: PostgresCounters = {
    accepted: 0,
    halfOpenClosed: 0,
    handshakeTimeouts: 0,
    overLimit: 0,
    protocolErrors: 0,
    refused: 0,
    cancels: 0,
  };
  const log = options.log ?? (() => undefined);
  const closing = new AbortController();
  const open = new Set<Socket>();
  /** In order of arrival. */
  const halfOpen = new Set<Socket>();
  const served = new Set<Promise<void>>();
  const host: ConnectionHost = {
    ...options,
    limits,
    tls,
    counters,
    cancelKeys,
    log,
    catalogs: new Map(),
    closing: closing.signal,
    analyser(majorVersion) {
      const made = analysers.get(majorVersion) ?? createSqlAnalyser({ majorVersion });
      analysers.set(majorVersion, made);
      made.catch(() => analysers.delete(majorVersion));
      return made;
    },
  };

  function accept(socket: Socket): void {
    counters.accepted += 1;
    socket.on('error', () => socket.destroy());
    if (open.size >= limits.connections) {
      counters.overLimit += 1;
      socket.end(
        encodeReport({
          severity: 'FATAL',
          sqlstate: '53300',
          message: 'too many connections to the gateway',
        }),
      );
      socket.destroySoon();
      return;
    }
    open.add(socket);
    halfOpen.add(socket);
    if (halfOpen.size > limits.halfOpen) dropOldest();
    socket.setNoDelay(true);
    const deadline = setTimeout(() => {
      counters.handshakeTimeouts += 1;
      socket.destroy();
    }, limits.handshakeMs);
    const admitted = (): void => {
      clearTimeout(deadline);
      halfOpen.delete(socket);
    };
    socket.once('close', () => {
      admitted();
      open.delete(socket);
    });
    const serving: Promise<void> = admit(socket, host, admitted).finally(() =>
      served.delete(serving),
    );
    served.add(serving);
  }

  function dropOldest(): void {
    const [oldest] = halfOpen;
    if (oldest === undefined) return;
    counters.halfOpenClosed += 1;
    halfOpen.delete(oldest);
    oldest.destroy();
  }

  const server = createServer({ pauseOnConnect: true }, accept);
  await listen(server, address);
  const bound = server.address();
  return {
    address: {
      host: address.host,
      port: typeof bound === 'object' && bound !== null ? bound.port : address.port,
    },
    get connections() {
      return open.size;
    },
    counters,
    async close(graceMs) {
      const stopped = new Promise<void>((resolve) => server.close(() => resolve()));
      closing.abort();
      for (const socket of halfOpen) socket.destroy();
      const kill = setTimeout(() => {
        for (const socket of open) socket.destroy();
      }, graceMs);
      await Promise.all([stopped, ...served]);
      clearTimeout(kill);
      for (const analyser of analysers.values()) await (await analyser).close();
    },
  };
}

function listen(server: Server, address: ListenAddress): Promise<void> {
  const where = `${address.host}:${address.port}`;
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      if (cause.code === 'EADDRINUSE') {
        const hint = 'Stop the other program or choose another port.';
        reject(new ProxyError('listen/address-in-use', `${where} is in use`, { cause, hint }));
      } else if (cause.code === 'EACCES') {
        const hint = 'Choose a port above 1023.';
        reject(
          new ProxyError('listen/not-permitted', `${where} may not be bound`, { cause, hint }),
        );
      } else {
        reject(
          new ProxyError('listen/failed', `${where} cannot be bound: ${cause.code}`, { cause }),
        );
      }
    });
    server.listen({ host: address.host, port: address.port, backlog: 511 }, resolve);
  });
}
