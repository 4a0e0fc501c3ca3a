/**
 * `store:` of the configuration: where state is kept when it is not in the state folder.
 */
import { type Static, Type } from 'typebox';
import { readPostgresUrl } from './postgres-url.ts';
import { closed, expandable, secret } from './schema-parts.ts';
import type { Secret } from './secret.ts';
import type { SettingsFault } from './settings.ts';

const POSTGRES_PORT = 5432;
const DEFAULT_TLS = 'verify-full';

export const StoreSchema = Type.Object(
  {
    url: secret('`postgres://user:password@host:port/database`; several gateways may share it.'),
    tls: Type.Optional(
      Type.Union([Type.Literal('disable'), Type.Literal('require'), Type.Literal('verify-full')], {
        description: 'Encryption towards it.',
        default: DEFAULT_TLS,
      }),
    ),
    ca: Type.Optional(expandable('PEM file of the authority that signed its certificate.')),
  },
  {
    ...closed,
    description:
      'A PostgreSQL that keeps what must survive a restart, instead of a file in the state folder.',
  },
);

export interface StoreSettings {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password: Secret | undefined;
  readonly tls: 'disable' | 'require' | 'verify-full';
  readonly ca: string | undefined;
}

/** Undefined for the embedded store. */
export function readStoreSection(
  section: Static<typeof StoreSchema> | undefined,
  at: (path: string) => string,
  faults: SettingsFault[],
): StoreSettings | undefined {
  if (section === undefined) return undefined;
  const url = readPostgresUrl(section.url as unknown as Secret);
  if (url === 'unreadable' || url?.user === undefined) {
    faults.push({
      path: ['store', 'url'],
      message: 'this is not a PostgreSQL address with a user',
      help: 'write `postgres://user:password@host:port/database`; its encryption is `store.tls`',
    });
    return undefined;
  }
  return {
    host: url.host,
    port: url.port ?? POSTGRES_PORT,
    database: url.database ?? url.user,
    user: url.user,
    password: url.password,
    tls: section.tls ?? DEFAULT_TLS,
    ca: section.ca === undefined ? undefined : at(section.ca),
  };
}
