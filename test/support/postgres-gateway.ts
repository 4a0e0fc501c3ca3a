/**
 * A PostgreSQL listener in front of a target, on the real gate with stand-ins for its ports: what a data-plane test needs.
 */
import { randomBytes } from 'node:crypto';
import { createGate, type RunningGate } from '../../proxy/gate/pipeline.ts';
import type { ApprovalPort, PostgresUpstream, Target } from '../../proxy/gate/ports.ts';
import { refuse } from '../../proxy/gate/refusal.ts';
import { deriveMaskKey } from '../../proxy/mask/methods.ts';
import type { PostgresLimits } from '../../proxy/postgres/limits.ts';
import {
  createPostgresServer,
  type PostgresListener,
  type PostgresServerTls,
} from '../../proxy/postgres/server.ts';
import { fixedSecrets } from './fixed-secrets.ts';
import { type Bench, makeBench } from './gate-ports.ts';

export interface PostgresGateway {
  readonly bench: Bench;
  readonly gate: RunningGate;
  readonly listener: PostgresListener;
  readonly port: number;
  /** Faults that were logged, as text. */
  readonly faults: string[];
  stop(): Promise<void>;
}

export interface GatewayOptions {
  readonly upstream: PostgresUpstream;
  /** The target's password. */
  readonly password?: string;
  readonly tls?: PostgresServerTls;
  readonly limits?: Partial<PostgresLimits>;
  /** In place of the stand-in that a test answers. */
  readonly approvals?: ApprovalPort;
}

/** The token that is accepted; every other is refused. */
export const TOKEN = 'good';
/** The resource that exists. */
export const RESOURCE = 'shop';

export async function startPostgresGateway(options: GatewayOptions): Promise<PostgresGateway> {
  const bench = makeBench();
  const target: Target = {
    resource: { name: RESOURCE, type: 'postgres', labels: { env: 'test' } },
    policies: ['access'],
    upstream: options.upstream,
  };
  const gate = createGate({
    ...bench.ports,
    ...(options.approvals === undefined ? {} : { approvals: options.approvals }),
    identities: {
      identify: async (credential) =>
        credential.token === TOKEN
          ? bench.identity
          : refuse('unauthenticated', 'identity/unknown', 'the token is not valid', {
              hint: 'Ask for a new one.',
            }),
    },
    targets: { find: (name) => (name === RESOURCE ? target : undefined) },
  });
  const faults: string[] = [];
  const key = randomBytes(32);
  const server = createPostgresServer({
    gate,
    secrets: fixedSecrets(() => options.password ?? ''),
    maskKey: (resource) => deriveMaskKey(key, resource),
    tls: options.tls,
    ...(options.limits === undefined ? {} : { limits: options.limits }),
    log: (_level, event, fields) => void faults.push(`${event} ${String(fields['error'])}`),
  });
  const listener = await server.bind({ host: '127.0.0.1', port: 0 });
  return {
    bench,
    gate,
    listener,
    port: listener.address.port,
    faults,
    stop: () => listener.close(1_000),
  };
}
