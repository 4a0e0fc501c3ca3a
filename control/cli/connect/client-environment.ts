/**
 * What a program needs to reach a resource through the gateway, as environment variables. The token is in a private file that they
 * name, so that neither the list of processes nor the environment of the program shows it; only for a shell, which has no end that
 * could be waited for, it is in a variable.
 */
import { isIP } from 'node:net';
import type { ConnectionMessage } from '../../api/routes/connections.ts';
import { ControlError } from '../../error.ts';
import type { PrivateFolder } from './private-folder.ts';

export interface ClientWish {
  /** Where the API answered: the host of a listener that takes connections from everywhere. */
  readonly api: string;
  /** PEM file of the authority that signed the certificate of the gateway. */
  readonly ca: string | undefined;
  readonly reason: string | undefined;
}

export type Environment = Readonly<Record<string, string>>;

/** Variables that would go before ours, or are more than the program is to have. */
export const DROPPED = [
  'PGPASSWORD',
  'PGPASSFILE',
  'PGSERVICE',
  'PGHOSTADDR',
  'PGOPTIONS',
  'SALLYPORT_TOKEN',
] as const;

/** For a program that is started: the token is in files of this folder. */
export function programEnvironment(
  connection: ConnectionMessage,
  wish: ClientWish,
  folder: PrivateFolder,
): Environment {
  const { token } = connection;
  if (connection.protocol === 'postgres') {
    const { host, port } = listenerOf(connection, wish);
    const escaped = host.replace(/[\\:]/g, '\\$&');
    const passwords = folder.write('pgpass', `${escaped}:${port}:*:*:${token}\n`);
    return { ...postgresEnvironment(connection, wish), PGPASSFILE: passwords };
  }
  const { url, hostname, connectTo } = httpAddress(connection, wish);
  const netrc = folder.write('netrc', `machine ${hostname} login token password ${token}\n`);
  const settings = [
    `netrc-file = "${netrc}"`,
    'netrc-optional',
    ...(connectTo === undefined ? [] : [`connect-to = "${connectTo}"`]),
    ...(wish.ca === undefined ? [] : [`cacert = "${wish.ca}"`]),
  ];
  const headers = [
    `Authorization: Bearer ${token}`,
    ...(wish.reason === undefined ? [] : [`Sallyport-Reason: ${oneLine(wish.reason)}`]),
  ];
  folder.write('.curlrc', `${settings.join('\n')}\n`);
  return {
    SALLYPORT_URL: url,
    SALLYPORT_HEADER_FILE: folder.write('headers', `${headers.join('\n')}\n`),
    NETRC: netrc,
    CURL_HOME: folder.path,
  };
}

/** For a shell: the token is in the environment, and in what is printed. */
export function shellEnvironment(connection: ConnectionMessage, wish: ClientWish): Environment {
  const { token } = connection;
  return connection.protocol === 'postgres'
    ? { ...postgresEnvironment(connection, wish), PGPASSWORD: token }
    : {
        SALLYPORT_URL: httpAddress(connection, wish).url,
        SALLYPORT_AUTHORIZATION: `Bearer ${token}`,
      };
}

/** `export NAME='value'` for each; a quote in a value ends and begins the quotation again. */
export function exportLines(environment: Environment): readonly string[] {
  return Object.entries(environment).map(
    ([name, value]) => `export ${name}='${value.replaceAll("'", `'\\''`)}'`,
  );
}

function postgresEnvironment(connection: ConnectionMessage, wish: ClientWish): Environment {
  const { host, port } = listenerOf(connection, wish);
  const { tls } = connection.listener;
  return {
    PGHOST: host,
    PGPORT: String(port),
    PGUSER: connection.subject,
    PGDATABASE: connection.resource,
    PGSSLMODE: tls ? (wish.ca === undefined ? 'require' : 'verify-full') : 'prefer',
    ...(wish.ca === undefined ? {} : { PGSSLROOTCERT: wish.ca }),
    ...(wish.reason === undefined
      ? {}
      : { PGOPTIONS: `-c sallyport.reason=${wish.reason.replace(/[\\\s]/g, '\\$&')}` }),
  };
}

/** A client names an HTTP resource by the first label of the host it asks. */
function httpAddress(
  connection: ConnectionMessage,
  wish: ClientWish,
): { readonly url: string; readonly hostname: string; readonly connectTo: string | undefined } {
  const { host, port } = listenerOf(connection, wish);
  const scheme = connection.listener.tls ? 'https' : 'http';
  const hasNoName = isIP(host) !== 0 || host === 'localhost';
  const hostname = `${connection.resource}.${hasNoName ? 'localhost' : host}`;
  const isHere = host === 'localhost' || host === '::1' || host.startsWith('127.');
  const address = isIP(host) === 6 ? `[${host}]` : host;
  return {
    url: `${scheme}://${hostname}:${port}`,
    hostname,
    connectTo: hasNoName && !isHere ? `${hostname}:${port}:${address}:${port}` : undefined,
  };
}

/** A header is one line. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\s]+/gu, ' ').trim();
}

function listenerOf(
  { listener }: ConnectionMessage,
  { api }: ClientWish,
): { readonly host: string; readonly port: number } {
  const isEverywhere = listener.host === '0.0.0.0' || listener.host === '::';
  const host = isEverywhere ? new URL(api).hostname.replace(/^\[|\]$/g, '') : listener.host;
  // The value goes into files of other programs, each with a notation of its own.
  if (/^[A-Za-z0-9.:_-]+$/.test(host)) return { host, port: listener.port };
  throw new ControlError('api/refused', 'the gateway names a listener that cannot be reached');
}
