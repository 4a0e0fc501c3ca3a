/**
 * `secrets:` of the configuration: where credentials of targets are fetched from, how long they are believed, and the key that seals
 * those of the store.
 */
import { type Static, Type } from 'typebox';
import type { AwsCredentials } from '../credentials/aws-source.ts';
import type { VaultAuth } from '../credentials/vault-login.ts';
import { isSafeUrl } from '../identity/providers/fetch-json.ts';
import { SECRET_KEYS_FILE } from '../state-files.ts';
import { closed, duration, expandable, secret, text } from './schema-parts.ts';
import { Secret } from './secret.ts';
import type { SettingsFault } from './settings.ts';
import { parseDuration } from './units.ts';

const FRESH = '1m';
const KEEP = '24h';
const APP_ROLE = 'approle';
const KUBERNETES = 'kubernetes';
const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount/token';

const mount = (fallback: string) =>
  Type.String({
    description: 'Where the server has this way of signing in.',
    pattern: '^[A-Za-z0-9_-]+(?:/[A-Za-z0-9_-]+)*$',
    default: fallback,
  });

const VaultSchema = Type.Object(
  {
    address: expandable('`https://host:port`; http only on this machine.'),
    namespace: Type.Optional(text('Its namespace, for servers that have them.')),
    ca: Type.Optional(expandable('PEM file of the authority that signed its certificate.')),
    token: Type.Optional(secret('A token; it is renewed while the server lets it.')),
    token_file: Type.Optional(expandable('A file with a token, read again when that ends.')),
    app_role: Type.Optional(
      Type.Object(
        {
          role_id: secret('The role.'),
          secret_id: Type.Optional(secret('Its secret; none for a role that needs none.')),
          mount: Type.Optional(mount(APP_ROLE)),
        },
        { ...closed, description: 'Sign in by AppRole.' },
      ),
    ),
    kubernetes: Type.Optional(
      Type.Object(
        {
          role: text('The role.'),
          token_file: Type.Optional(
            expandable('Token of the service account, read at each sign-in.', {
              default: SERVICE_ACCOUNT,
            }),
          ),
          mount: Type.Optional(mount(KUBERNETES)),
        },
        { ...closed, description: 'Sign in as a Kubernetes service account.' },
      ),
    ),
  },
  { ...closed, description: 'A server that speaks the Vault HTTP API; one way to sign in.' },
);

const AwsSchema = Type.Object(
  {
    region: expandable('Its region.'),
    endpoint: Type.Optional(
      expandable('Address instead of the public one; https, or http on this machine.'),
    ),
    access_key_id: secret('Id of the access key.'),
    secret_access_key: secret('The access key.'),
    session_token: Type.Optional(secret('For keys that are given for a time.')),
  },
  { ...closed, description: 'AWS Secrets Manager.' },
);

export const SecretsSchema = Type.Object(
  {
    refresh: Type.Optional(
      duration('Age at which a value without lease is fetched again.', FRESH, '1s', '1h'),
    ),
    keep: Type.Optional(
      duration('Time the last value is used while its source does not answer.', KEEP, '0s', '30d'),
    ),
    key_file: Type.Optional(
      expandable(
        'File of the keys that seal secrets of the store, one a line, the first seals; `secret-keys` in the state folder when left out.',
      ),
    ),
    key: Type.Optional(secret('Those keys themselves, instead of the file.')),
    vault: Type.Optional(VaultSchema),
    aws: Type.Optional(AwsSchema),
  },
  { ...closed, description: 'Where credentials of targets are fetched from.' },
);

export interface SecretsSettings {
  readonly freshMs: number;
  readonly keepMs: number;
  readonly keys: { readonly file: string } | { readonly text: Secret };
  readonly vault:
    | {
        readonly address: string;
        readonly namespace: string | undefined;
        readonly ca: string | undefined;
        readonly auth: VaultAuth;
      }
    | undefined;
  readonly aws:
    | {
        readonly region: string;
        readonly endpoint: string | undefined;
        readonly credentials: AwsCredentials;
      }
    | undefined;
}

type Section = Static<typeof SecretsSchema>;
type VaultSection = Static<typeof VaultSchema>;

/** After `substitute`, every `secret` string is a `Secret`. */
const asSecret = (value: string): Secret => value as unknown as Secret;
const asOptional = (value: string | undefined): Secret | undefined =>
  value === undefined ? undefined : asSecret(value);

/** The settings of a validated section; faults are listed. */
export function readSecretsSection(
  section: Section | undefined,
  stateDir: string,
  at: (path: string) => string,
  faults: SettingsFault[],
): SecretsSettings {
  const { vault, aws } = section ?? {};
  const fault = (path: readonly string[], message: string, help: string): void =>
    void faults.push({ path: ['secrets', ...path], message, help });
  const checkUrl = (path: readonly string[], url: string | undefined): void => {
    if (url !== undefined && !isSafeUrl(url))
      fault(
        path,
        'secrets would be fetched over an open line',
        'use https; http only on this machine',
      );
  };
  checkUrl(['vault', 'address'], vault?.address);
  checkUrl(['aws', 'endpoint'], aws?.endpoint);
  if (section?.key !== undefined && section.key_file !== undefined)
    fault(['key'], '`key` and `key_file` say the same thing', 'keep one of the two');
  return {
    freshMs: parseDuration(section?.refresh ?? FRESH) ?? 0,
    keepMs: parseDuration(section?.keep ?? KEEP) ?? 0,
    keys:
      section?.key === undefined
        ? { file: at(section?.key_file ?? `${stateDir}/${SECRET_KEYS_FILE}`) }
        : { text: asSecret(section.key) },
    vault:
      vault === undefined
        ? undefined
        : {
            address: vault.address,
            namespace: vault.namespace,
            ca: vault.ca === undefined ? undefined : at(vault.ca),
            auth: readAuth(vault, at, fault),
          },
    aws:
      aws === undefined
        ? undefined
        : {
            region: aws.region,
            endpoint: aws.endpoint,
            credentials: {
              accessKeyId: asSecret(aws.access_key_id),
              secretAccessKey: asSecret(aws.secret_access_key),
              sessionToken: asOptional(aws.session_token),
            },
          },
  };
}

function readAuth(
  vault: VaultSection,
  at: (path: string) => string,
  fault: (path: readonly string[], message: string, help: string) => void,
): VaultAuth {
  const { token, token_file: file, app_role: appRole, kubernetes } = vault;
  if ([token, file, appRole, kubernetes].filter((way) => way !== undefined).length !== 1)
    fault(
      ['vault'],
      'there is to be one way to sign in at `secrets.vault`',
      'write one of `token`, `token_file`, `app_role`, `kubernetes`',
    );
  if (appRole !== undefined)
    return {
      kind: 'app-role',
      mount: appRole.mount ?? APP_ROLE,
      roleId: asSecret(appRole.role_id),
      secretId: asOptional(appRole.secret_id),
    };
  if (kubernetes !== undefined)
    return {
      kind: 'kubernetes',
      mount: kubernetes.mount ?? KUBERNETES,
      role: kubernetes.role,
      tokenFile: at(kubernetes.token_file ?? SERVICE_ACCOUNT),
    };
  if (file !== undefined) return { kind: 'token-file', file: at(file) };
  return { kind: 'token', token: asOptional(token) ?? new Secret('') };
}
