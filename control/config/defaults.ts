/**
 * Every default of the configuration, read from the schema so that there is one place to change it.
 */
import { ConfigSchema, HttpResourceSchema, PostgresResourceSchema } from './schema.ts';

function fallback<T>(schema: object, kind: 'string' | 'number' | 'object'): T {
  const value: unknown = 'default' in schema ? schema.default : undefined;
  if (typeof value !== kind) throw new TypeError('the schema lost a default');
  return value as T;
}

const text = (schema: object): string => fallback<string>(schema, 'string');
const count = (schema: object): number => fallback<number>(schema, 'number');
const list = (schema: object): readonly string[] => fallback<readonly string[]>(schema, 'object');

const { listen, state, policies, tokens, access, journal, limits } = ConfigSchema.properties;
const postgres = PostgresResourceSchema.properties;

export const DEFAULTS = {
  api: text(listen.properties.api),
  apiHosts: list(listen.properties.api_hosts),
  state: text(state),
  policies: list(policies),
  resourcePolicies: list(HttpResourceSchema.properties.policies),
  postgresPort: count(postgres.port),
  postgresTls: text(postgres.tls) as 'prefer',
  issuer: text(tokens.properties.issuer),
  audience: text(tokens.properties.audience),
  lifetime: text(tokens.properties.lifetime),
  connectionLifetime: text(tokens.properties.connection_lifetime),
  maxLifetime: text(tokens.properties.max_lifetime),
  admins: list(access.properties.admins),
  auditors: list(access.properties.auditors),
  segment: text(journal.properties.segment),
  connections: count(limits.properties.connections),
  halfOpen: count(limits.properties.half_open),
  handshake: text(limits.properties.handshake),
  httpBody: text(limits.properties.http_body),
  drain: text(limits.properties.drain),
  apiBody: text(limits.properties.api_body),
  apiRate: count(limits.properties.api_rate),
  pendingApprovals: count(limits.properties.pending_approvals),
} as const;
