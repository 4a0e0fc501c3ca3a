/**
 * The HTTP front: a reverse proxy through the same gate as every protocol. It owns sockets and timeouts; what a request means
 * is in the files beside it. RFC 9110, RFC 9112.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { ProxyError } from '../error.ts';
import type { Gate } from '../gate/gate.ts';
import type { SecretPort } from '../gate/ports.ts';
import type { ListenAddress, Listener, ProtocolServer } from '../gate/protocol.ts';
import { refuse } from '../gate/refusal.ts';
import type { MaskKey } from '../mask/methods.ts';
import { type ClientConnection, createConnection } from './connection.ts';
import { type ExchangeContext, exchange, type HttpLog } from './exchange.ts';
import { DEFAULT_HTTP_LIMITS, type HttpLimits } from './limits.ts';
import { toProblem } from './problem.ts';

export interface HttpServerOptions {
  readonly gate: Gate;
  readonly secrets: SecretPort;
  /** Keys of a resource's masks. */
  readonly maskKey: (resource: string) => MaskKey;
  readonly log: HttpLog;
  /** PEM; plain HTTP when undefined. */
  readonly tls?: {
    readonly key: string;
    readonly cert: string;
    /** Asks clients for a certificate, for tokens that are bound to one. */
    readonly requestCert?: boolean;
  };
  /** Host names that stand for a resource, lower case, beside `<resource>.<anything>`. */
  readonly hosts?: Readonly<Record<string, string>>;
  readonly limits?: Partial<HttpLimits>;
}

/** How often the server looks for connections that have run out of time. */
const TIMEOUT_CHECK_MS = 1_000;

export function createHttpServer(options: HttpServerOptions): ProtocolServer {
  const limits: HttpLimits = { ...DEFAULT_HTTP_LIMITS, ...options.limits };
  const { gate, secrets, tls, hosts = {}, maskKey, log } = options;
  return {
    name: 'http',
    async bind(address) {
      const scheme = tls === undefined ? 'http' : 'https';
      const context: ExchangeContext = { limits, hosts, maskKey, log, scheme, budget: { held: 0 } };
      const connections = new WeakMap<Socket, ClientConnection>();
      const handle = (request: IncomingMessage, response: ServerResponse): void => {
        const { socket } = request;
        const connection =
          connections.get(socket) ?? createConnection(socket, gate, secrets, limits);
        connections.set(socket, connection);
        connection.inTurn(() => exchange(request, response, connection, context));
      };
      const server = makeServer(limits, tls);
      server.on('request', handle);
      server.on('checkContinue', handle);
      server.on('checkExpectation', handle);
      server.on('clientError', (error: Error, socket: Socket) => {
        answerBroken(error, socket, connections.get(socket)?.isBusy ?? false);
      });
      const open = new Set<Socket>();
      server.on('connection', (socket: Socket) => {
        open.add(socket);
        socket.once('close', () => open.delete(socket));
      });
      await listen(server, address);
      const bound = server.address() as AddressInfo;
      return listenerOf(server, { host: bound.address, port: bound.port }, open);
    },
  };
}

function makeServer(limits: HttpLimits, tls: HttpServerOptions['tls']): Server {
  const settings = {
    insecureHTTPParser: false,
    requireHostHeader: true,
    joinDuplicateHeaders: false,
    maxHeaderSize: limits.maxHeaderBytes,
    headersTimeout: limits.headersTimeoutMs,
    requestTimeout: limits.requestTimeoutMs,
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    connectionsCheckingInterval: Math.min(TIMEOUT_CHECK_MS, limits.headersTimeoutMs),
    noDelay: true,
  };
  const server =
    tls === undefined
      ? createServer(settings)
      : createTlsServer({
          ...settings,
          ...tls,
          // Any certificate will do, for it proves a key and nothing else: the token says which key it must be.
          rejectUnauthorized: false,
          minVersion: 'TLSv1.2',
          handshakeTimeout: limits.headersTimeoutMs,
        });
  server.maxConnections = limits.maxConnections;
  // One more than is allowed, so that too many is seen as such and not cut off silently.
  server.maxHeadersCount = limits.maxHeaders + 1;
  return server;
}

/** What could not be read as HTTP: one problem document, then the end. */
function answerBroken(error: Error, socket: Socket, isBusy: boolean): void {
  // In the middle of another answer nothing can be said without being taken for part of it.
  if (!socket.writable || isBusy) {
    socket.destroy();
    return;
  }
  const code = 'code' in error ? String(error.code) : '';
  const [status, refusal] =
    code === 'HPE_HEADER_OVERFLOW'
      ? ([431, refuse('limit', 'limit/headers', 'the headers are too large')] as const)
      : code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? ([408, refuse('limit', 'limit/request-time', 'the request took too long')] as const)
        : ([400, refuse('unsupported', 'http/malformed', 'this is not HTTP/1.1')] as const);
  const { headers, body } = toProblem(refusal, status);
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = `HTTP/1.1 ${status} ${status === 431 ? 'Too Large' : 'Bad Request'}\r\n`;
  socket.end(`${head}${lines.join('')}connection: close\r\n\r\n${body}`, () => socket.destroy());
}

function listen(server: Server, address: ListenAddress): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => reject(listenFault(cause, address)));
    server.listen(address.port, address.host, () => {
      server.removeAllListeners('error');
      server.on('error', () => undefined);
      resolve();
    });
  });
}

function listenFault(cause: NodeJS.ErrnoException, { host, port }: ListenAddress): ProxyError {
  switch (cause.code) {
    case 'EADDRINUSE':
      return new ProxyError('listen/address-in-use', `${host}:${port} is in use`, {
        cause,
        hint: 'Stop what listens there, or configure another port.',
      });
    case 'EACCES':
      return new ProxyError(
        'listen/not-permitted',
        `listening on ${host}:${port} is not permitted`,
        {
          cause,
          hint: 'Use a port of 1024 or above.',
        },
      );
    default:
      return new ProxyError('listen/failed', `cannot listen on ${host}:${port}`, { cause });
  }
}

function listenerOf(server: Server, address: ListenAddress, open: ReadonlySet<Socket>): Listener {
  return {
    address,
    get connections() {
      return open.size;
    },
    close(graceMs) {
      return new Promise((resolve) => {
        const force = setTimeout(() => {
          for (const socket of open) socket.destroy();
        }, graceMs);
        server.close(() => {
          clearTimeout(force);
          resolve();
        });
        server.closeIdleConnections();
      });
    },
  };
}
