/**
 * The shape of `sallyport.yaml`: keys, bounds, defaults and what each is for. docs/configuration.md says the same by hand, and a
 * test holds the two together. This file knows nothing about reading or using the values.
 *
 * `expands` marks the strings in which `${env:NAME}` and `${file:path}` are replaced: `secret` ones are wrapped and never
 * printed, `text` ones stay text, `credential` and `account` ones may also name what is fetched later. Anywhere else `${` is a fault.
 */
import { type Static, Type } from 'typebox';
import { SetRoleSchema, UpstreamUsersSchema } from './account-section.ts';
import { AgentSchema } from './agents-section.ts';
import { ApprovalsSchema } from './approvals-section.ts';
import { BreakGlassSchema, DelegationSchema } from './delegation-section.ts';
import { IssuerSchema } from './issuers-section.ts';
import { LoginSchema } from './login-section.ts';
import { NotificationsSchema } from './notifications-schema.ts';
import { SamlSchema } from './saml-section.ts';
import {
  account,
  address,
  closed,
  credential,
  duration,
  expandable,
  name,
  names,
  secret,
  size,
  text,
} from './schema-parts.ts';
import { SecretsSchema } from './secrets-section.ts';
import { StoreSchema } from './store-section.ts';

const resourceKeys = {
  name: name('How clients and policies name it.'),
  labels: Type.Optional(
    Type.Record(
      Type.String({ pattern: '^[A-Za-z0-9_.-]{1,63}$' }),
      Type.String({ maxLength: 256 }),
      {
        description: 'Facts for policies, for example `env: prod`.',
        default: {},
      },
    ),
  ),
  policies: Type.Optional(
    names(
      'Policy packages that guard it; `allow` is needed from each, and one that no policy has stops the start.',
      ['access'],
    ),
  ),
  ca: Type.Optional(expandable('PEM file of the authority that signed the target certificate.')),
};

export const PostgresResourceSchema = Type.Object(
  {
    ...resourceKeys,
    type: Type.Literal('postgres'),
    url: Type.Optional(
      secret('`postgres://user:password@host:port/database`, instead of the five keys below.'),
    ),
    host: Type.Optional(expandable('Host of the server.')),
    port: Type.Optional(
      Type.Integer({
        description: 'Port of the server.',
        minimum: 1,
        maximum: 65_535,
        default: 5432,
      }),
    ),
    database: Type.Optional(expandable('Database to open when the client names none.')),
    user: Type.Optional(account('Role the gateway signs in as.')),
    password: Type.Optional(credential('Password of that role; no client ever sees it.')),
    upstream_users: Type.Optional(UpstreamUsersSchema),
    set_role: Type.Optional(SetRoleSchema),
    tls: Type.Optional(
      Type.Union(
        [
          Type.Literal('disable'),
          Type.Literal('prefer'),
          Type.Literal('require'),
          Type.Literal('verify-full'),
        ],
        { description: 'Encryption towards the server.', default: 'prefer' },
      ),
    ),
  },
  closed,
);

export const HttpResourceSchema = Type.Object(
  {
    ...resourceKeys,
    type: Type.Literal('http'),
    url: expandable('`http://host:port` or `https://...`, with an optional base path.'),
    inject: Type.Optional(
      Type.Array(
        Type.Object(
          {
            header: Type.String({
              description: 'Header that carries the credential of the target.',
              pattern: '^[A-Za-z0-9-]{1,128}$',
              form: 'the name of a header, such as `x-api-key`',
            }),
            value: credential('Its value.'),
          },
          closed,
        ),
        {
          description:
            'Headers added to every request; what a client sends under these names is dropped.',
          maxItems: 16,
          default: [],
        },
      ),
    ),
  },
  closed,
);

export const ResourceSchema = Type.Unsafe<
  Static<typeof PostgresResourceSchema> | Static<typeof HttpResourceSchema>
>({
  type: 'object',
  description: 'One guarded target.',
  required: ['type'],
  discriminator: { propertyName: 'type' },
  oneOf: [PostgresResourceSchema, HttpResourceSchema],
});

export const IdentitySchema = Type.Object(
  {
    subject: Type.String({
      description: 'Who it is, as policies and records name it.',
      pattern: '^[A-Za-z0-9][A-Za-z0-9._@:/+-]{0,254}$',
      form: 'letters, digits and `.`, `_`, `@`, `:`, `/`, `+`, `-`',
    }),
    name: Type.Optional(text('Name for people; the subject when left out.')),
    email: Type.Optional(text('E-mail address.')),
    kind: Type.Optional(
      Type.Union([Type.Literal('human'), Type.Literal('agent'), Type.Literal('service')], {
        description: 'What it is.',
        default: 'human',
      }),
    ),
    groups: Type.Optional(names('Groups it belongs to.', [])),
    owner: Type.Optional(text('Subject of the person who answers for an agent or service.')),
    acts_for: Type.Optional(names('Subjects an agent may act for, besides its owner.', [])),
  },
  closed,
);

export const LimitsSchema = Type.Object(
  {
    connections: Type.Optional(
      Type.Integer({
        description: 'Client connections open at once, for each listener.',
        minimum: 1,
        maximum: 65_535,
        default: 1000,
      }),
    ),
    half_open: Type.Optional(
      Type.Integer({
        description: 'Connections that have not signed in yet, for each listener.',
        minimum: 1,
        maximum: 65_535,
        default: 200,
      }),
    ),
    handshake: Type.Optional(duration('Time a client has to sign in.', '10s', '100ms', '5m')),
    http_body: Type.Optional(
      size(
        'Largest body of an HTTP request; it is held until it is decided.',
        '8MiB',
        '1KiB',
        '64MiB',
      ),
    ),
    drain: Type.Optional(
      duration('Time open sessions have to end when the gateway stops.', '5s', '0s', '10m'),
    ),
    api_body: Type.Optional(size('Largest request body of the HTTP API.', '64KiB', '1KiB', '1MiB')),
    api_rate: Type.Optional(
      Type.Integer({
        description: 'Requests a minute the HTTP API takes from one address.',
        minimum: 1,
        maximum: 1_000_000,
        default: 600,
      }),
    ),
    pending_approvals: Type.Optional(
      Type.Integer({
        description: 'Approval requests one identity may have open at once.',
        minimum: 1,
        maximum: 10_000,
        default: 20,
      }),
    ),
  },
  { ...closed, description: 'Bounds on what the gateway takes in.' },
);

export const ConfigSchema = Type.Object(
  {
    listen: Type.Optional(
      Type.Object(
        {
          postgres: Type.Optional(
            address('Where psql and drivers connect; not served when left out.'),
          ),
          http: Type.Optional(address('Where HTTP clients connect; not served when left out.')),
          api: Type.Optional(address('Where the HTTP API listens.', '127.0.0.1:7070')),
          api_url: Type.Optional(
            expandable('Address at which people and browsers reach the HTTP API, when not that.'),
          ),
          api_hosts: Type.Optional(
            Type.Array(
              Type.String({ description: 'A host name.', pattern: '^[A-Za-z0-9._-]{1,253}$' }),
              {
                description:
                  'Names the HTTP API may be asked by, besides IP addresses, `localhost` and the host of `listen.api`.',
                maxItems: 64,
                default: [],
              },
            ),
          ),
        },
        { ...closed, description: 'Addresses, `host:port`; port 0 picks a free one.' },
      ),
    ),
    tls: Type.Optional(
      Type.Object(
        {
          cert: expandable('PEM file of the certificate chain.'),
          key: expandable('PEM file of the private key.'),
          required: Type.Optional(
            Type.Boolean({ description: 'Refuse clients that do not encrypt.', default: true }),
          ),
          client_certificates: Type.Optional(
            Type.Boolean({
              description: 'Ask clients for a certificate, for tokens that are bound to one.',
              default: false,
            }),
          ),
          api: Type.Optional(
            Type.Boolean({
              description:
                'Encrypt the HTTP API too; left out, wherever `listen.api` is no loopback address.',
            }),
          ),
        },
        { ...closed, description: 'Encryption towards clients.' },
      ),
    ),
    state: Type.Optional(
      expandable('Folder of the signing key, the store and the journal.', {
        default: '.sallyport',
      }),
    ),
    store: Type.Optional(StoreSchema),
    secrets: Type.Optional(SecretsSchema),
    approvals: Type.Optional(ApprovalsSchema),
    notifications: Type.Optional(NotificationsSchema),
    policies: Type.Optional(
      Type.Array(expandable('A file or folder.'), {
        description: 'Policy files and folders; all of them make one policy set.',
        minItems: 1,
        maxItems: 64,
        default: ['policies'],
      }),
    ),
    resources: Type.Optional(
      Type.Array(ResourceSchema, {
        description: 'The targets the gateway guards.',
        maxItems: 1000,
        default: [],
      }),
    ),
    tokens: Type.Optional(
      Type.Object(
        {
          issuer: Type.Optional(text('`iss` of local tokens.', { default: 'sallyport' })),
          audience: Type.Optional(text('`aud` of local tokens.', { default: 'sallyport' })),
          lifetime: Type.Optional(
            duration('Life of a token when `--ttl` is not given.', '12h', '1s', '30d'),
          ),
          connection_lifetime: Type.Optional(
            duration(
              'Life of a token that `sallyport connect` takes for one connection.',
              '1h',
              '1m',
              '24h',
            ),
          ),
          max_lifetime: Type.Optional(
            duration('Longest life that may be asked for.', '30d', '1s', '366d'),
          ),
        },
        { ...closed, description: 'The local token issuer.' },
      ),
    ),
    identities: Type.Optional(
      Type.Array(IdentitySchema, {
        description: 'Who may be given a local token.',
        maxItems: 10_000,
        default: [],
      }),
    ),
    issuers: Type.Optional(
      Type.Array(IssuerSchema, {
        description: 'Identity providers whose tokens are accepted.',
        maxItems: 32,
        default: [],
      }),
    ),
    saml: Type.Optional(
      Type.Array(SamlSchema, {
        description: 'SAML identity providers that people sign in with.',
        maxItems: 8,
        default: [],
      }),
    ),
    login: Type.Optional(LoginSchema),
    agents: Type.Optional(
      Type.Array(AgentSchema, {
        description: 'The registry of agents.',
        maxItems: 10_000,
        default: [],
      }),
    ),
    delegation: Type.Optional(DelegationSchema),
    break_glass: Type.Optional(
      Type.Array(BreakGlassSchema, {
        description: 'Sealed codes, each good for one use.',
        maxItems: 64,
        default: [],
      }),
    ),
    access: Type.Optional(
      Type.Object(
        {
          admins: Type.Optional(
            names(
              'Groups that may use all of the API, credentials and tokens of others included.',
              ['sallyport-admins'],
            ),
          ),
          auditors: Type.Optional(
            names('Groups that may read everything the API tells.', ['auditors']),
          ),
          policies: Type.Optional(
            Type.Array(expandable('A file or folder.'), {
              description:
                'Policies with the package `sallyport.api`, which decides every call of the API; the shipped ones when left out.',
              minItems: 1,
              maxItems: 16,
            }),
          ),
        },
        { ...closed, description: 'Who may use the HTTP API beyond their own affairs.' },
      ),
    ),
    journal: Type.Optional(
      Type.Object(
        {
          dir: Type.Optional(
            expandable('Its folder; `journal` in the state folder when left out.'),
          ),
          segment: Type.Optional(
            size('Size at which a new segment file is begun.', '64MiB', '64KiB', '1GiB'),
          ),
        },
        { ...closed, description: 'The record of everything that was decided.' },
      ),
    ),
    limits: Type.Optional(LimitsSchema),
  },
  { ...closed, title: 'sallyport.yaml' },
);

/** A configuration as written, after `${...}` was replaced in `text` strings. */
export type ConfigDocument = Static<typeof ConfigSchema>;

/** The JSON Schema of the configuration, for editors; plain data. */
export function configJsonSchema(): Readonly<Record<string, unknown>> {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    ...(JSON.parse(JSON.stringify(ConfigSchema)) as Record<string, unknown>),
  };
}
