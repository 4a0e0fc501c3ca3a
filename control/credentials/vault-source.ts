/**
 * `${vault:mount/path#field}`: key-value secrets (both versions of the engine) and accounts that the database engine makes for us,
 * with their leases, from a server that speaks the Vault HTTP API. A server that answers nothing, is sealed or refuses is a fault, never
 * an empty secret.
 */
import type { JsonAnswer, JsonRequest, SendJson } from './json-request.ts';
import {
  type FetchedSecret,
  SecretFault,
  type SecretLease,
  type SecretSource,
  textFields,
} from './secret-source.ts';
import {
  createVaultLogin,
  numberAt,
  type VaultAuth,
  type VaultLogin,
  valueAt,
  vaultHeaders,
} from './vault-login.ts';

export interface VaultOptions {
  /** `https://host:port`, with an optional path. */
  readonly address: string;
  readonly namespace: string | undefined;
  readonly auth: VaultAuth;
  readonly send: SendJson;
  readonly nowMs: () => number;
}

export interface VaultSource extends SecretSource {
  close(): void;
}

/** Mounts whose engine is remembered. */
const MAX_MOUNTS = 1_000;

export function createVaultSource(options: VaultOptions): VaultSource {
  const address = options.address.replace(/\/+$/, '');
  const login = createVaultLogin({ ...options, address });
  const ask = createAsk(address, options, login);
  const prefixes = new Map<string, string>();

  /** The path of the API: version 2 of the key-value engine keeps its secrets below `data/`. */
  async function apiPath(path: string): Promise<string> {
    const known = [...prefixes.keys()].find((prefix) => path.startsWith(prefix));
    const mount = known ?? (await findMount(path));
    if (mount === undefined || prefixes.get(mount) !== 'kv2') return path;
    const rest = path.slice(mount.length);
    return rest.startsWith('data/') ? path : `${mount}data/${rest}`;
  }

  async function findMount(path: string): Promise<string | undefined> {
    const { status, body } = await ask('GET', `sys/internal/ui/mounts/${path}`);
    const mount = valueAt(body, 'data', 'path');
    // A server that does not tell is asked for the path as it is written.
    if (status !== 200 || typeof mount !== 'string' || !path.startsWith(mount)) return undefined;
    const isSecond =
      valueAt(body, 'data', 'type') === 'kv' && valueAt(body, 'data', 'options', 'version') === '2';
    if (prefixes.size < MAX_MOUNTS) prefixes.set(mount, isSecond ? 'kv2' : 'other');
    return prefixes.has(mount) ? mount : undefined;
  }

  function leaseOf(body: unknown): SecretLease | undefined {
    const id = valueAt(body, 'lease_id');
    const seconds = numberAt(body, 'lease_duration');
    if (typeof id !== 'string' || id === '' || seconds <= 0) return undefined;
    return {
      durationMs: seconds * 1000,
      async renew() {
        if (valueAt(body, 'renewable') !== true) return undefined;
        const renewed = await ask('PUT', 'sys/leases/renew', { lease_id: id, increment: seconds });
        if (renewed.status >= 500) throw new SecretFault(`Vault answers ${renewed.status}`);
        const left = renewed.status === 200 ? numberAt(renewed.body, 'lease_duration') : 0;
        return left > 0 ? left * 1000 : undefined;
      },
      async revoke() {
        await ask('PUT', 'sys/leases/revoke', { lease_id: id });
      },
    };
  }

  return {
    async fetch(path): Promise<FetchedSecret> {
      const api = await apiPath(path);
      const { status, body } = await ask('GET', api);
      if (status !== 200) throw new SecretFault(explain(status));
      const data = valueAt(body, 'data');
      const inner = api === path ? undefined : valueAt(data, 'data');
      const fields = textFields(api === path ? unwrapSecond(data) : inner);
      if (fields === undefined || Object.keys(fields).length === 0)
        throw new SecretFault('Vault gives nothing there');
      const lease = leaseOf(body);
      return { whole: undefined, fields, ...(lease === undefined ? {} : { lease }) };
    },
    close: () => login.close(),
  };
}

/** The path was written with `data/`: what is below is told by its metadata. */
function unwrapSecond(data: unknown): unknown {
  const inner = valueAt(data, 'data');
  return typeof inner === 'object' && valueAt(data, 'metadata') !== undefined ? inner : data;
}

function createAsk(
  address: string,
  { send, namespace }: VaultOptions,
  login: VaultLogin,
): (method: JsonRequest['method'], path: string, body?: object) => Promise<JsonAnswer> {
  return async function ask(method, path, body) {
    const sendWith = (token: string): Promise<JsonAnswer> =>
      send({
        method,
        url: `${address}/v1/${path}`,
        headers: {
          ...vaultHeaders(namespace, token),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    const token = await login.token();
    const answer = await sendWith(token);
    // A token that has been taken back looks the same as a missing right.
    if (answer.status !== 403 || !(await login.isLost(token))) return answer;
    return sendWith(await login.token());
  };
}

function explain(status: number): string {
  if (status === 404) return 'Vault has no such secret (404)';
  if (status === 403) return 'Vault does not let the gateway read it (403)';
  if (status === 503) return 'Vault is sealed or in maintenance (503)';
  return `Vault answers ${status}`;
}
