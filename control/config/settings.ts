/**
 * A configuration made usable: defaults filled in, notations read, paths absolute, targets in the shape the data plane wants.
 * Nothing is opened here; secrets stay wrapped and are reached through the vault.
 */
import { isAbsolute, resolve } from 'node:path';
import type { Target, Upstream } from '../../proxy/gate/ports.ts';
import type { ListenAddress } from '../../proxy/gate/protocol.ts';
import type { BreakGlassEntry } from '../identity/break-glass.ts';
import type { DelegationRules } from '../identity/exchange.ts';
import { isSafeUrl } from '../identity/providers/fetch-json.ts';
import type { Provider } from '../identity/providers/provider.ts';
import type { LocalIdentity } from '../identity/registry.ts';
import type { SamlProvider } from '../identity/saml/saml-provider.ts';
import { isLoopback } from '../loopback.ts';
import { checkAccountIssuers } from './account-issuers.ts';
import { readAccounts } from './account-section.ts';
import { readAgentsSection } from './agents-section.ts';
import { type ApprovalSettings, readApprovalsSection } from './approvals-section.ts';
import { DEFAULTS } from './defaults.ts';
import { readBreakGlassSection, readDelegationSection } from './delegation-section.ts';
import { readIssuersSection } from './issuers-section.ts';
import { type LoginSettings, readLoginSection } from './login-section.ts';
import { type NotificationSettings, readNotificationsSection } from './notifications-section.ts';
import { readPostgresUrl } from './postgres-url.ts';
import { readSamlSection } from './saml-section.ts';
import type { ConfigDocument } from './schema.ts';
import { Secret } from './secret.ts';
import { readSecretsSection, type SecretsSettings } from './secrets-section.ts';
import { readStoreSection, type StoreSettings } from './store-section.ts';
import { parseAddress, parseDuration, parseSize } from './units.ts';

export interface Settings {
  /** The file they come from. */
  readonly file: string;
  readonly listen: {
    readonly postgres: ListenAddress | undefined;
    readonly http: ListenAddress | undefined;
    readonly api: ListenAddress;
    /** Where people and browsers reach the API, without a slash at the end; undefined when that is its own address. */
    readonly apiUrl: string | undefined;
    /** Further names the API may be asked by. */
    readonly apiHosts: readonly string[];
  };
  /** PEM files. */
  readonly tls:
    | {
        readonly cert: string;
        readonly key: string;
        readonly required: boolean;
        readonly requestCert: boolean;
        /** Whether the HTTP API is encrypted too. */
        readonly api: boolean;
      }
    | undefined;
  readonly stateDir: string;
  /** Undefined for the file in the state folder. */
  readonly store: StoreSettings | undefined;
  readonly approvals: ApprovalSettings;
  readonly notifications: NotificationSettings;
  readonly policyPaths: readonly string[];
  readonly targets: readonly Target[];
  /** Values of the `SecretRef`s in `targets`. */
  readonly secrets: ReadonlyMap<string, Secret>;
  /** Where those are fetched from. */
  readonly secretSources: SecretsSettings;
  readonly tokens: {
    readonly issuer: string;
    readonly audience: string;
    readonly lifetimeMs: number;
    readonly maxLifetimeMs: number;
    readonly connectionMs: number;
  };
  /** Those of `identities:` and the agents of `agents:`. */
  readonly identities: readonly LocalIdentity[];
  readonly providers: readonly Provider[];
  readonly samlProviders: readonly SamlProvider[];
  readonly login: LoginSettings;
  readonly delegation: DelegationRules;
  readonly breakGlass: readonly BreakGlassEntry[];
  readonly access: {
    readonly admins: readonly string[];
    readonly auditors: readonly string[];
    /** Policies of the API; the shipped ones when undefined. */
    readonly policyPaths: readonly string[] | undefined;
  };
  readonly journal: { readonly dir: string; readonly segmentBytes: number };
  readonly limits: {
    readonly connections: number;
    readonly halfOpen: number;
    readonly handshakeMs: number;
    readonly httpBodyBytes: number;
    readonly drainMs: number;
    readonly apiBodyBytes: number;
    readonly apiRatePerMinute: number;
    readonly pendingApprovals: number;
  };
}

/** A fault that only shows when values are read together, with the path of the value it is about. */
export interface SettingsFault {
  readonly path: readonly (string | number)[];
  readonly message: string;
  readonly help: string | undefined;
}

/** The document after `substitute`: every `secret` string is a `Secret`. */
type Resource = NonNullable<ConfigDocument['resources']>[number];
type PostgresResource = Extract<Resource, { type: 'postgres' }>;

const durationOf = (text: string): number => parseDuration(text) ?? 0;
const sizeOf = (text: string): number => parseSize(text) ?? 0;

/** Reads a validated, substituted document; faults are listed and leave the settings unusable. */
export function toSettings(
  document: ConfigDocument,
  file: string,
): { readonly settings: Settings; readonly faults: readonly SettingsFault[] } {
  const base = resolve(file, '..');
  const at = (path: string): string => (isAbsolute(path) ? path : resolve(base, path));
  const faults: SettingsFault[] = [];
  const secrets = new Map<string, Secret>();
  const address = (
    key: 'postgres' | 'http' | 'api',
    text: string | undefined,
  ): ListenAddress | undefined => {
    if (text === undefined) return undefined;
    const parsed = parseAddress(text);
    if (parsed === undefined)
      faults.push({
        path: ['listen', key],
        message: `\`${text}\` is no address`,
        help: 'write `host:port` with a port up to 65535',
      });
    return parsed;
  };

  const targets = (document.resources ?? []).map((resource, index): Target => {
    const path = ['resources', index];
    const upstream: Upstream =
      resource.type === 'postgres'
        ? readPostgres(resource, path, at, secrets, faults)
        : {
            kind: 'http',
            url: checkUrl(resource.url, path, faults),
            ca: resource.ca === undefined ? undefined : at(resource.ca),
            inject: (resource.inject ?? []).map((header, position) => ({
              header: header.header.toLowerCase(),
              value: keep(secrets, `${resource.name}/inject/${position}`, header.value),
            })),
          };
    return {
      resource: {
        name: resource.name,
        type: resource.type,
        labels: resource.labels ?? {},
        ...(upstream.kind === 'postgres'
          ? {
              database: upstream.database,
              ...(upstream.userSecret === undefined ? { user: upstream.user } : {}),
            }
          : {}),
      },
      policies: resource.policies ?? DEFAULTS.resourcePolicies,
      upstream,
    };
  });
  refuseDuplicates(
    targets.map((target) => target.resource.name),
    (index) => ['resources', index, 'name'],
    faults,
  );
  const identities = (document.identities ?? []).map(
    (identity): LocalIdentity => ({
      subject: identity.subject,
      name: identity.name ?? identity.subject,
      email: identity.email,
      kind: identity.kind ?? 'human',
      groups: identity.groups ?? [],
      owner: identity.owner,
      actsFor: identity.acts_for ?? [],
    }),
  );
  const agents = readAgentsSection(
    document.agents,
    targets.map((target) => target.resource.name),
    faults,
  );
  refuseDuplicates(
    [...identities, ...agents].map((identity) => identity.subject),
    (index) =>
      index < identities.length
        ? ['identities', index, 'subject']
        : ['agents', index - identities.length, 'subject'],
    faults,
  );
  const { limits, tokens } = document;
  const apiUrl = readApiUrl(document.listen?.api_url, faults);
  const providers = readIssuersSection(document.issuers, at, faults);
  const samlProviders = readSamlSection(document.saml, { apiUrl, issuers: providers, at }, faults);
  checkAccountIssuers(
    (document.resources ?? []).map((resource) => (resource.type === 'postgres' ? resource : {})),
    {
      own: tokens?.issuer ?? DEFAULTS.issuer,
      identities: [...identities, ...agents],
      providers: [...providers, ...samlProviders],
    },
    faults,
  );
  const stateDir = at(document.state ?? DEFAULTS.state);
  const api = address('api', document.listen?.api ?? DEFAULTS.api) ?? {
    host: '127.0.0.1',
    port: 0,
  };
  const settings: Settings = {
    file: resolve(file),
    listen: {
      postgres: address('postgres', document.listen?.postgres),
      http: address('http', document.listen?.http),
      api,
      apiUrl,
      apiHosts: document.listen?.api_hosts ?? DEFAULTS.apiHosts,
    },
    tls:
      document.tls === undefined
        ? undefined
        : {
            cert: at(document.tls.cert),
            key: at(document.tls.key),
            required: document.tls.required ?? true,
            requestCert: document.tls.client_certificates ?? false,
            api: document.tls.api ?? !isLoopback(api.host),
          },
    stateDir,
    store: readStoreSection(document.store, at, faults),
    approvals: readApprovalsSection(document.approvals),
    notifications: readNotificationsSection(document.notifications, at, faults),
    policyPaths: (document.policies ?? DEFAULTS.policies).map(at),
    targets,
    secrets,
    secretSources: readSecretsSection(document.secrets, stateDir, at, faults),
    tokens: {
      issuer: tokens?.issuer ?? DEFAULTS.issuer,
      audience: tokens?.audience ?? DEFAULTS.audience,
      lifetimeMs: durationOf(tokens?.lifetime ?? DEFAULTS.lifetime),
      connectionMs: durationOf(tokens?.connection_lifetime ?? DEFAULTS.connectionLifetime),
      maxLifetimeMs: durationOf(tokens?.max_lifetime ?? DEFAULTS.maxLifetime),
    },
    identities: [...identities, ...agents],
    providers,
    samlProviders,
    login: readLoginSection(document.login),
    delegation: readDelegationSection(document.delegation),
    breakGlass: readBreakGlassSection(document.break_glass, identities, faults),
    access: {
      admins: document.access?.admins ?? DEFAULTS.admins,
      auditors: document.access?.auditors ?? DEFAULTS.auditors,
      policyPaths: document.access?.policies?.map(at),
    },
    journal: {
      dir:
        document.journal?.dir === undefined
          ? resolve(stateDir, 'journal')
          : at(document.journal.dir),
      segmentBytes: sizeOf(document.journal?.segment ?? DEFAULTS.segment),
    },
    limits: {
      connections: limits?.connections ?? DEFAULTS.connections,
      halfOpen: limits?.half_open ?? DEFAULTS.halfOpen,
      handshakeMs: durationOf(limits?.handshake ?? DEFAULTS.handshake),
      httpBodyBytes: sizeOf(limits?.http_body ?? DEFAULTS.httpBody),
      drainMs: durationOf(limits?.drain ?? DEFAULTS.drain),
      apiBodyBytes: sizeOf(limits?.api_body ?? DEFAULTS.apiBody),
      apiRatePerMinute: limits?.api_rate ?? DEFAULTS.apiRate,
      pendingApprovals: limits?.pending_approvals ?? DEFAULTS.pendingApprovals,
    },
  };
  return { settings, faults };
}

function keep(secrets: Map<string, Secret>, id: string, value: unknown): { readonly id: string } {
  secrets.set(id, value as Secret);
  return { id };
}

function refuseDuplicates(
  names: readonly string[],
  path: (index: number) => readonly (string | number)[],
  faults: SettingsFault[],
): void {
  for (const [index, name] of names.entries())
    if (names.indexOf(name) !== index)
      faults.push({
        path: path(index),
        message: `\`${name}\` is used twice`,
        help: 'every name stands for one thing only',
      });
}

/** What stands before `@`: no request would carry it to the target. */
function hasUserInfo({ username, password }: URL): boolean {
  return username !== '' || password !== '';
}

function readApiUrl(url: string | undefined, faults: SettingsFault[]): string | undefined {
  if (url === undefined) return undefined;
  if (!isSafeUrl(url) || /[?#]/.test(url))
    faults.push({
      path: ['listen', 'api_url'],
      message: `\`${url}\` is no address that people can be sent to`,
      help: 'write `https://host`; http only on this machine',
    });
  return url.replace(/\/+$/, '');
}

function checkUrl(
  url: string,
  path: readonly (string | number)[],
  faults: SettingsFault[],
): string {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    faults.push({
      path: [...path, 'url'],
      message: `\`${url}\` is not an http or https address`,
      help: 'write `http://host:port` or `https://host`',
    });
  else if (hasUserInfo(new URL(url)))
    faults.push({
      path: [...path, 'url'],
      message: 'the address of an http resource carries a user or password',
      help: 'leave them out and add the header `authorization` under `inject`',
    });
  return url;
}

function readPostgres(
  resource: PostgresResource,
  path: readonly (string | number)[],
  at: (path: string) => string,
  secrets: Map<string, Secret>,
  faults: SettingsFault[],
): Upstream {
  const fault = (key: string, message: string, help: string): void => {
    faults.push({ path: key === '' ? path : [...path, key], message, help });
  };
  const url = readPostgresUrl(resource.url as Secret | undefined);
  if (url === 'unreadable')
    fault(
      'url',
      'this is not a PostgreSQL address',
      'write `postgres://user:password@host:port/database`',
    );
  const from = url === 'unreadable' || url === undefined ? undefined : url;
  for (const key of ['host', 'port', 'database', 'user', 'password'] as const)
    if (resource.url !== undefined && resource[key] !== undefined)
      fault(key, `\`${key}\` and \`url\` say the same thing`, 'keep one of the two');
  const host = resource.host ?? from?.host;
  const fetched: unknown = resource.user;
  const userSecret =
    fetched instanceof Secret ? keep(secrets, `${resource.name}/user`, fetched) : undefined;
  const user = userSecret === undefined ? (resource.user ?? from?.user) : '';
  if (resource.url === undefined && host === undefined)
    fault(
      '',
      `the resource \`${resource.name}\` needs \`url\` or \`host\``,
      'say where the server is',
    );
  if (userSecret !== undefined && resource.database === undefined)
    fault('user', 'a `user` that is fetched names no database', 'write `database` beside it');
  if (url !== 'unreadable' && host !== undefined && user === undefined)
    fault('', `the resource \`${resource.name}\` needs \`user\``, 'say which role to sign in as');
  const password = (resource.password as unknown as Secret | undefined) ?? from?.password;
  return {
    kind: 'postgres',
    host: host ?? '',
    port: resource.port ?? from?.port ?? DEFAULTS.postgresPort,
    database: resource.database ?? from?.database ?? user ?? '',
    user: user ?? '',
    ...(userSecret === undefined ? {} : { userSecret }),
    password:
      password === undefined ? undefined : keep(secrets, `${resource.name}/password`, password),
    tls: resource.tls ?? DEFAULTS.postgresTls,
    ca: resource.ca === undefined ? undefined : at(resource.ca),
    ...readAccounts(resource, (rule, value) =>
      keep(secrets, `${resource.name}/upstream_users/${rule}`, value),
    ),
  };
}
