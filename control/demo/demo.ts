/**
 * The demo: the shop's database and service, the gateway in front of both with the shipped policies, and a token for each of three
 * identities. It is an ordinary gateway with an ordinary `sallyport.yaml`, which it writes where everything else of it lies.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { stringify } from 'yaml';
import { loadConfig } from '../config/load.ts';
import { type RunningGateway, startGateway } from '../gateway.ts';
import { newId } from '../identifier.ts';
import { issueToken } from '../identity/issue.ts';
import { createRegistry } from '../identity/registry.ts';
import { openSigningKey } from '../identity/signing-key.ts';
import { createLog } from '../log.ts';
import { type DemoDatabase, startEmbeddedDatabase, useOwnDatabase } from './database.ts';
import type { RunningProvider } from './identity-provider.ts';
import { startDemoInbox } from './inbox.ts';
import { startDemoService } from './service.ts';
import type { Actor, DemoEndpoints } from './tour-client.ts';

const projectRoot = new URL('../../', import.meta.url).pathname;
/** Folder of the demo that `npm start` runs, below the folder it is started in. */
export const DEMO_FOLDER = join('.sallyport', 'demo');
/** Where the demo listens unless it is told otherwise; 0 stands for a free port. */
export const DEMO_PORTS: DemoPorts = { postgres: 6432, http: 6480, api: 6470 };
export const FREE_PORTS: DemoPorts = { postgres: 0, http: 0, api: 0 };
/** Where the people of the demo sign in. */
export const SIGN_IN_PORT = 6490;
const SIGN_IN_CLIENT = 'sallyport';
const PEOPLE = [
  { subject: 'ada', name: 'Ada, engineer', groups: ['engineering'] },
  { subject: 'dora', name: 'Dora, DBA', groups: ['dba', 'pii-readers', 'auditors'] },
] as const;
/** The file that tells a tour in another terminal where the demo is. */
const ENDPOINTS_FILE = 'endpoints.json';

export interface DemoPorts {
  readonly postgres: number;
  readonly http: number;
  readonly api: number;
}

export interface DemoOptions {
  /** Folder of the configuration, the journal and the embedded database. */
  readonly folder: string;
  /** A server of the user's own instead of the embedded one. */
  readonly databaseUrl: string | undefined;
  readonly ports: DemoPorts;
  /** Port of an identity provider for the people of the demo; none is run when undefined. */
  readonly signInPort?: number;
  /** The embedded database in memory: nothing is left behind. */
  readonly ephemeral: boolean;
}

export interface Demo {
  readonly endpoints: DemoEndpoints;
  readonly database: DemoDatabase;
  /** Where the people of the demo sign in, if they can. */
  readonly provider: string | undefined;
  stop(): Promise<void>;
}

/** Starts everything; what has started is stopped again when a part does not. */
export async function startDemo(options: DemoOptions): Promise<Demo> {
  const folder = resolve(options.folder);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const started: { stop(): Promise<void> }[] = [];
  const stop = async (): Promise<void> => {
    for (const part of started.splice(0).reverse()) await part.stop();
  };
  try {
    const apiKey = randomBytes(24).toString('base64url');
    const service = await startDemoService(apiKey);
    started.push(service);
    const inboxKey = randomBytes(24).toString('base64url');
    const inbox = await startDemoInbox(folder, inboxKey);
    started.push(inbox);
    const database = await startDatabase(options);
    started.push(database);
    const provider = await startProvider(options.signInPort);
    if (provider !== undefined) started.push(provider);
    const configFile = join(folder, 'sallyport.yaml');
    writeFileSync(
      configFile,
      describeDemo(options, {
        apiKey,
        serviceUrl: service.url,
        databaseUrl: database.url,
        issuer: provider?.issuer,
        inboxKey,
        inboxUrl: inbox.url,
      }),
      { mode: 0o600 },
    );
    const gateway = await startGateway(loadConfig(configFile), { log: createLog('warn') });
    started.push(gateway);
    const endpoints = await describeEndpoints(gateway, configFile);
    const endpointsFile = join(folder, ENDPOINTS_FILE);
    writeFileSync(endpointsFile, JSON.stringify({ pid: process.pid, endpoints }), { mode: 0o600 });
    started.push({ stop: async () => rmSync(endpointsFile, { force: true }) });
    return { endpoints, database, provider: provider?.issuer, stop };
  } catch (cause) {
    await stop();
    throw cause;
  }
}

/** The endpoints of a demo that runs in another process with this folder, or undefined. */
export function findRunningDemo(folder: string): DemoEndpoints | undefined {
  const file = join(folder, ENDPOINTS_FILE);
  if (!existsSync(file)) return undefined;
  try {
    const { pid, endpoints } = JSON.parse(readFileSync(file, 'utf8')) as {
      pid: number;
      endpoints: DemoEndpoints;
    };
    process.kill(pid, 0);
    return endpoints;
  } catch {
    // The file is torn or its process has ended: no demo runs here.
    return undefined;
  }
}

/** Loaded only when it is asked for: a demo without it starts sooner. */
async function startProvider(port: number | undefined): Promise<RunningProvider | undefined> {
  if (port === undefined) return undefined;
  const { startIdentityProvider } = await import('./identity-provider.ts');
  return startIdentityProvider({
    port,
    clients: [SIGN_IN_CLIENT],
    people: PEOPLE.map(({ subject, name, groups }) => ({
      sub: subject,
      name,
      email: `${subject}@example.com`,
      emailVerified: true,
      groups,
    })),
  });
}

function startDatabase(options: DemoOptions): Promise<DemoDatabase> {
  if (options.databaseUrl !== undefined) return useOwnDatabase(options.databaseUrl);
  return startEmbeddedDatabase(options.ephemeral ? undefined : join(options.folder, 'database'));
}

function describeDemo(
  options: DemoOptions,
  upstream: {
    apiKey: string;
    serviceUrl: string;
    databaseUrl: string;
    issuer: string | undefined;
    inboxKey: string;
    inboxUrl: string;
  },
): string {
  const port = (name: keyof DemoPorts): string => `127.0.0.1:${options.ports[name]}`;
  return stringify({
    listen: { postgres: port('postgres'), http: port('http'), api: port('api') },
    state: 'state',
    policies: ['policies', 'examples/postgres', 'examples/http'].map((path) =>
      join(projectRoot, path),
    ),
    resources: [
      {
        name: 'shop',
        type: 'postgres',
        labels: { env: 'demo' },
        policies: ['guardrails.postgres', 'shop.database'],
        url: upstream.databaseUrl,
        tls: 'prefer',
      },
      {
        name: 'shop-api',
        type: 'http',
        labels: { env: 'demo' },
        policies: ['guardrails.http', 'shop.api'],
        url: upstream.serviceUrl,
        inject: [{ header: 'x-api-key', value: upstream.apiKey }],
      },
    ],
    notifications: {
      channels: [
        {
          name: 'inbox',
          type: 'webhook',
          url: upstream.inboxUrl,
          secret: upstream.inboxKey,
          links: true,
        },
      ],
    },
    identities: [
      ...PEOPLE,
      {
        subject: 'agent',
        name: 'Support agent',
        kind: 'agent',
        owner: 'ada',
      },
    ],
    ...(upstream.issuer === undefined
      ? {}
      : {
          issuers: [
            {
              name: 'demo',
              issuer: upstream.issuer,
              client_id: SIGN_IN_CLIENT,
              kind: 'human',
              prefix: '',
              groups_claim: 'groups',
            },
          ],
        }),
  });
}

async function describeEndpoints(
  gateway: RunningGateway,
  configFile: string,
): Promise<DemoEndpoints> {
  const { postgres, http } = gateway.addresses;
  if (postgres === undefined || http === undefined) throw new TypeError('the demo binds both');
  const settings = loadConfig(configFile);
  const key = openSigningKey(settings.stateDir);
  const registry = createRegistry(settings.identities);
  const issue = async (subject: Actor, onBehalfOf?: Actor): Promise<string> => {
    const issued = await issueToken(
      { subject, onBehalfOf, lifetimeMs: undefined },
      settings.tokens,
      registry,
      key,
      { nowMs: Date.now(), newId },
    );
    return issued.token;
  };
  return {
    postgres,
    http,
    configFile,
    tokens: {
      ada: await issue('ada'),
      agent: await issue('agent', 'ada'),
      dora: await issue('dora'),
    },
  };
}
