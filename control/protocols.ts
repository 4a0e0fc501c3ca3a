/**
 * Binds the protocol servers that the configuration asks for.
 */
import { randomBytes } from 'node:crypto';
import type { Gate } from '../proxy/gate/gate.ts';
import type { SecretPort } from '../proxy/gate/ports.ts';
import type { ListenAddress, Listener } from '../proxy/gate/protocol.ts';
import { createHttpServer } from '../proxy/http/server.ts';
import { deriveMaskKey, type MaskKey } from '../proxy/mask/methods.ts';
import { createPostgresServer } from '../proxy/postgres/server.ts';
import type { Settings } from './config/settings.ts';
import type { Log } from './log.ts';
import type { Metrics } from './metrics.ts';
import { openPrivateFile } from './private-file.ts';
import { MASK_SECRET_FILE } from './state-files.ts';
import { readTls } from './tls-files.ts';

const MASK_SECRET_BYTES = 32;

export interface ProtocolParts {
  readonly gate: Gate;
  readonly secrets: SecretPort;
  readonly metrics: Metrics;
  readonly log: Log;
  /** Told of every listener as soon as it is bound, so that it is closed when a later one fails. */
  readonly register: (listener: Listener, name: 'postgres' | 'http') => void;
}

/** Binds what is configured; throws the first fault. */
export async function bindProtocols(
  settings: Settings,
  parts: ProtocolParts,
): Promise<{
  readonly postgres: ListenAddress | undefined;
  readonly http: ListenAddress | undefined;
}> {
  const { limits, listen } = settings;
  const tls = readTls(settings.tls);
  const maskKey = createMaskKeys(settings.stateDir);
  const log = (level: 'info' | 'warn', event: string, fields: Readonly<Record<string, unknown>>) =>
    parts.log[level]({ ...fields, event }, event);
  let postgres: ListenAddress | undefined;
  if (listen.postgres !== undefined) {
    const server = createPostgresServer({
      gate: parts.gate,
      secrets: parts.secrets,
      maskKey,
      tls,
      limits: {
        handshakeMs: limits.handshakeMs,
        halfOpen: limits.halfOpen,
        connections: limits.connections,
      },
      log,
    });
    const listener = await server.bind(listen.postgres);
    parts.register(listener, 'postgres');
    parts.metrics.watchListener('postgres', () => ({
      half_open: listener.counters.halfOpenClosed,
      handshake_timeout: listener.counters.handshakeTimeouts,
      over_limit: listener.counters.overLimit,
      protocol_error: listener.counters.protocolErrors,
    }));
    postgres = listener.address;
  }
  let http: ListenAddress | undefined;
  if (listen.http !== undefined) {
    const server = createHttpServer({
      gate: parts.gate,
      secrets: parts.secrets,
      maskKey,
      log: parts.log,
      ...(tls === undefined
        ? {}
        : { tls: { key: tls.key, cert: tls.certificate, requestCert: tls.requestCert } }),
      limits: {
        maxConnections: limits.connections,
        headersTimeoutMs: limits.handshakeMs,
        maxBodyBytes: limits.httpBodyBytes,
      },
    });
    const listener = await server.bind(listen.http);
    parts.register(listener, 'http');
    http = listener.address;
  }
  return { postgres, http };
}

/** Keys of masks, one set for each resource, the same after a restart. */
export function createMaskKeys(stateDir: string): (resource: string) => MaskKey {
  const secret = Buffer.from(
    openPrivateFile(
      stateDir,
      MASK_SECRET_FILE,
      () => randomBytes(MASK_SECRET_BYTES).toString('hex'),
      'masked values change with it',
    ),
    'hex',
  );
  const keys = new Map<string, MaskKey>();
  return (resource) => {
    const key = keys.get(resource) ?? deriveMaskKey(secret, resource);
    keys.set(resource, key);
    return key;
  };
}
