/**
 * A private PostgreSQL server for one test file: made in a temporary folder, reached over TCP on 127.0.0.1 with SCRAM, gone
 * after `stop`. It prints nothing; undefined means that this machine has no server binaries, and the caller skips aloud.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  chownSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** Milliseconds a server may take to accept connections; initdb has already ended. */
const START_LIMIT_MS = 20_000;
/** Milliseconds a fast shutdown may take before the process is killed. */
const STOP_LIMIT_MS = 5_000;

export interface PostgresServer {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  /** PEM of the self-signed certificate when started with `tls`. */
  readonly certificate: string | undefined;
  /** Major version of the binaries. */
  readonly majorVersion: number;
  stop(): Promise<void>;
}

export interface PostgresServerOptions {
  /** Serve TLS with a self-signed certificate for `localhost` and 127.0.0.1. */
  readonly tls?: boolean;
  /** Lines for postgresql.conf, e.g. `{ max_connections: '200' }`. */
  readonly settings?: Readonly<Record<string, string>>;
}

interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** The folder that holds `initdb` and `postgres`: PATH first, then the newest of Debian's version folders. */
export function findPostgresBinaries(): string | undefined {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian)
    ? readdirSync(debian).sort((left, right) => Number(right) - Number(left))
    : [];
  const folders = [
    ...(process.env['PATH'] ?? '').split(delimiter),
    ...versions.map((version) => join(debian, version, 'bin')),
  ];
  return folders.find(
    (folder) =>
      folder !== '' && existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')),
  );
}

/** Starts a server, or undefined when there are no binaries or no account that may run them. */
export async function startPostgres(
  options: PostgresServerOptions = {},
): Promise<PostgresServer | undefined> {
  const binaries = findPostgresBinaries();
  const account = serverAccount();
  if (binaries === undefined || account === 'none') return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-postgres-'));
  const give = (path: string): string => {
    if (account !== undefined) chownSync(path, account.uid, account.gid);
    return path;
  };
  const run = { cwd: give(folder), stdio: 'pipe' as const, ...account };
  const data = join(folder, 'data');
  const password = 'correct horse battery staple';
  const passwordFile = join(folder, 'password');
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  give(passwordFile);
  execFileSync(
    join(binaries, 'initdb'),
    // biome-ignore format: one option a word
    ['-D', data, '-U', 'postgres', '--auth=scram-sha-256', `--pwfile=${passwordFile}`,
      '--no-sync', '-E', 'UTF8', '--locale=C'],
    run,
  );
  const port = await freePort();
  const settings: Record<string, string> = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    fsync: 'off',
    ...options.settings,
  };
  let certificate: string | undefined;
  if (options.tls === true) {
    certificate = makeCertificate(folder, give);
    settings['ssl'] = 'on';
    settings['ssl_cert_file'] = join(folder, 'server.crt');
    settings['ssl_key_file'] = join(folder, 'server.key');
  }
  const words = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const child = spawn(join(binaries, 'postgres'), ['-D', data, ...words], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
    ...account,
  });
  const stop = async (): Promise<void> => {
    await endProcess(child);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await ready(child);
  } catch (cause) {
    await stop();
    throw cause;
  }
  return {
    host: '127.0.0.1',
    port,
    user: 'postgres',
    password,
    database: 'postgres',
    certificate,
    majorVersion: readMajorVersion(binaries),
    stop,
  };
}

/** Root cannot run the server: it runs as `postgres` then; undefined stands for the present account. */
function serverAccount(): Account | 'none' | undefined {
  if (process.getuid?.() !== 0) return undefined;
  try {
    const id = (flag: string): number => Number(execFileSync('id', [flag, 'postgres']).toString());
    return { uid: id('-u'), gid: id('-g') };
  } catch {
    return 'none';
  }
}

function readMajorVersion(binaries: string): number {
  const text = execFileSync(join(binaries, 'postgres'), ['--version']).toString();
  return Number(/(\d+)/.exec(text)?.[1]);
}

function makeCertificate(folder: string, give: (path: string) => string): string {
  const [key, certificate] = [join(folder, 'server.key'), join(folder, 'server.crt')];
  execFileSync(
    'openssl',
    // biome-ignore format: one option a word
    ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2',
      '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1',
      '-keyout', key, '-out', certificate],
    { stdio: 'pipe' },
  );
  give(key);
  give(certificate);
  return readFileSync(certificate, 'utf8');
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}

function ready(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let log = '';
    const fail = (why: string): void => {
      clearTimeout(timer);
      reject(new Error(`the test server ${why}: ${log}`));
    };
    const timer = setTimeout(() => fail('did not become ready'), START_LIMIT_MS);
    child.once('exit', () => fail('ended'));
    child.stderr?.on('data', (chunk: Buffer) => {
      log = (log + chunk.toString()).slice(-4096);
      if (!log.includes('database system is ready to accept connections')) return;
      clearTimeout(timer);
      resolve();
    });
  });
}

async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGINT');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
  await ended;
  clearTimeout(timer);
}
