/**
 * One connection from its first byte to its end: greet, admit through the gate, dial with the permit, serve. Nothing here
 * throws: what goes wrong is told to the client, counted and logged.
 */
import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { ProxyError } from '../error.ts';
import { certificateOf } from '../gate/client-certificate.ts';
import type { GateSession } from '../gate/gate.ts';
import type { Permit } from '../gate/permit.ts';
import { isRefusal, type Refusal, refuse } from '../gate/refusal.ts';
import type { PostgresMajor, SqlAnalyser } from '../sql/facts.ts';
import type { CancelKeys } from './cancel-keys.ts';
import { CATALOG_TIMEOUT_MS, createCatalogSource } from './catalog-reader.ts';
import { askPassword, type Greeting, greet, type ListenerTls } from './handshake.ts';
import type { PostgresLimits } from './limits.ts';
import { reportAdmission, reportEnd, reportError } from './report.ts';
import type { PostgresCounters, PostgresLog, PostgresServerOptions } from './server.ts';
import { PostgresSession } from './session.ts';
import { readStartupRequest, type StartupRequest } from './startup-parameters.ts';
import type { CatalogSource } from './statement-gate.ts';
import { cancelUpstream, dial, type UpstreamConnection, upstreamOf } from './upstream.ts';
import {
  AUTHENTICATION_OK,
  encodeBackendKey,
  encodeParameterStatus,
  encodeReadyForQuery,
  encodeReport,
  type Report,
} from './wire/backend-encode.ts';

interface SharedCatalog {
  readonly source: CatalogSource;
  permit: Permit;
}

/** What the connections of one listener share. */
export interface ConnectionHost
  extends Pick<PostgresServerOptions, 'gate' | 'secrets' | 'maskKey'> {
  readonly limits: PostgresLimits;
  readonly tls: ListenerTls | undefined;
  readonly counters: PostgresCounters;
  readonly cancelKeys: CancelKeys;
  readonly log: PostgresLog;
  /** By target and database. */
  readonly catalogs: Map<string, SharedCatalog>;
  /** Aborts when the listener closes. */
  readonly closing: AbortSignal;
  readonly analyser: (majorVersion: PostgresMajor) => Promise<SqlAnalyser>;
}

type Startup = Extract<Greeting, { kind: 'startup' }>;

const NONCE_BYTES = 24;
const SHUTDOWN = refuse('unavailable', 'gateway/shutdown', 'the gateway is shutting down', {
  hint: 'Reconnect.',
});

/** Serves a fresh socket until it is closed; `admitted` is called once it no longer counts as half-open. Never rejects. */
export async function admit(
  raw: Socket,
  host: ConnectionHost,
  admitted: () => void,
): Promise<void> {
  let client = raw;
  try {
    const greeting = await greet(raw, host.tls);
    if (greeting.kind === 'cancel') {
      if (host.cancelKeys.cancel(greeting.processId, greeting.key)) host.counters.cancels += 1;
      raw.end();
      raw.resume();
      return;
    }
    client = greeting.socket;
    client.on('error', () => client.destroy());
    if (greeting.kind === 'refused') return farewell(client, host, greeting.report);
    const request = readStartupRequest(greeting.parameters);
    if (isRefusal(request)) return farewell(client, host, reportAdmission(request));
    const token = await askPassword(client);
    if (token === undefined) return void client.end();
    const session = await openSession(greeting, request, token, host);
    if (isRefusal(session)) return farewell(client, host, reportAdmission(session));
    admitted();
    await serve(greeting, request, session, host);
  } catch (error) {
    const isProtocol = error instanceof ProxyError && error.code === 'client/protocol';
    if (isProtocol) host.counters.protocolErrors += 1;
    if (error instanceof ProxyError && error.code === 'client/gone') return void client.destroy();
    host.log('warn', 'postgres/connection', { error, remote: raw.remoteAddress });
    farewell(client, host, reportError(error, 'FATAL'));
  }
}

function farewell(client: Socket, host: ConnectionHost, report: Report): void {
  host.counters.refused += 1;
  client.end(encodeReport(report));
  client.resume();
}

function openSession(
  greeting: Startup,
  request: StartupRequest,
  token: string,
  host: ConnectionHost,
): Promise<GateSession | Refusal> {
  const { socket } = greeting;
  const encryption = socket instanceof TLSSocket ? (socket.getProtocol() ?? 'TLS') : 'clear';
  const certificate = certificateOf(socket);
  return host.gate.open({
    credential: {
      kind: 'bearer',
      token,
      ...(certificate === undefined ? {} : { proof: { certificate } }),
    },
    resource: request.resource,
    ...(request.database === undefined ? {} : { database: request.database }),
    ...(request.reason === undefined ? {} : { reason: request.reason }),
    client: {
      ip: socket.remoteAddress ?? '',
      application: request.application,
      fingerprint: `postgres/3.${greeting.minor} ${encryption} ${[...greeting.parameters.keys()].join(',')}`,
    },
  });
}

async function serve(
  greeting: Startup,
  request: StartupRequest,
  session: GateSession,
  host: ConnectionHost,
): Promise<void> {
  const client = greeting.socket;
  const gone = new AbortController();
  const leave = (): void => gone.abort();
  client.once('close', leave);
  session.ended.addEventListener('abort', leave, { once: true });
  try {
    const { permit } = session;
    const upstream = await dialFor(permit, request, host, gone.signal);
    const majorVersion = readMajorVersion(upstream);
    const analyser = await host.analyser(majorVersion).catch((error: unknown) => {
      upstream.socket.destroy();
      throw error;
    });
    await run(greeting, request, upstream, session, analyser, host);
  } catch (error) {
    await session.close(error instanceof ProxyError ? error.code : 'gateway fault');
    throw error;
  } finally {
    client.off('close', leave);
    session.ended.removeEventListener('abort', leave);
  }
}

function dialFor(
  permit: Permit,
  request: StartupRequest,
  host: ConnectionHost,
  signal: AbortSignal,
): Promise<UpstreamConnection> {
  const settings = new Map(request.settings);
  if (request.application !== '') settings.set('application_name', request.application);
  return dial(permit, {
    secrets: host.secrets,
    timeoutMs: host.limits.dialMs,
    signal,
    settings,
    nonce: randomBytes(NONCE_BYTES).toString('base64'),
  });
}

async function run(
  greeting: Startup,
  request: StartupRequest,
  upstream: UpstreamConnection,
  session: GateSession,
  analyser: SqlAnalyser,
  host: ConnectionHost,
): Promise<void> {
  const { permit } = session;
  const { cancelKey } = upstream;
  const served = new PostgresSession({
    client: greeting.socket,
    upstream: upstream.socket,
    session,
    analyser,
    catalog: catalogOf(permit, host),
    maskKey: host.maskKey(permit.target.resource.name),
    limits: host.limits,
    settings: request.settings,
    hasRole: upstream.role !== undefined,
    cancelUpstream: async () => {
      if (cancelKey !== undefined) await cancelUpstream(permit, cancelKey, host.limits.dialMs);
    },
    onFault: (error) => {
      if (error instanceof ProxyError && error.code === 'client/protocol')
        host.counters.protocolErrors += 1;
      host.log('warn', 'postgres/session', { error, session: session.id });
    },
  });
  const own = host.cancelKeys.issue(greeting.minor, () => served.cancel());
  const shutDown = (): void => served.end(SHUTDOWN.code, reportEnd(SHUTDOWN));
  host.closing.addEventListener('abort', shutDown, { once: true });
  try {
    const hello = [AUTHENTICATION_OK];
    for (const [name, value] of upstream.parameters) hello.push(encodeParameterStatus(name, value));
    hello.push(encodeBackendKey(own.processId, own.key), encodeReadyForQuery('I'));
    greeting.socket.write(Buffer.concat(hello));
    const done = served.run();
    if (host.closing.aborted) shutDown();
    await done;
  } finally {
    host.closing.removeEventListener('abort', shutDown);
    own.release();
  }
}

/** One for each target, whoever asks: what it reads, every account sees. It is read with the account that asked last. */
function catalogOf(permit: Permit, host: ConnectionHost): CatalogSource {
  const upstream = upstreamOf(permit);
  const { name } = permit.target.resource;
  const key = JSON.stringify([name, upstream.host, upstream.port, upstream.database]);
  const known = host.catalogs.get(key);
  if (known !== undefined) {
    known.permit = permit;
    return known.source;
  }
  const catalog: SharedCatalog = {
    permit,
    source: createCatalogSource(
      () =>
        dial(catalog.permit, {
          secrets: host.secrets,
          timeoutMs: CATALOG_TIMEOUT_MS,
          signal: host.closing,
          settings: new Map([
            ['application_name', 'sallyport catalog'],
            ['statement_timeout', String(CATALOG_TIMEOUT_MS)],
            ['default_transaction_read_only', 'on'],
          ]),
          nonce: randomBytes(NONCE_BYTES).toString('base64'),
        }),
      () => performance.now(),
    ),
  };
  host.catalogs.set(key, catalog);
  return catalog.source;
}

/** `server_version` begins with the major version; the analyser must be of the same. */
function readMajorVersion(upstream: UpstreamConnection): PostgresMajor {
  const version = upstream.parameters.get('server_version') ?? '';
  const major = Number.parseInt(version, 10);
  if (major === 15 || major === 16 || major === 17 || major === 18) return major;
  upstream.socket.destroy();
  throw new ProxyError(
    'target/protocol',
    `the target runs PostgreSQL ${version || '(unknown)'}, which is not supported`,
    {
      hint: 'Supported are the major versions 15 to 18.',
    },
  );
}
