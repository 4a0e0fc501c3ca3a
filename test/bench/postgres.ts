/**
 * Transactions per second of pgbench (select only): direct, through pgbouncer (session pooling) and through the gateway,
 * interleaved in one run, medians; one JSON line per figure. Machines are noisy: compare ratios inside one run.
 *
 * Usage: npm run -s bench:postgres -- [--rounds 3] [--seconds 3] [--clients 8]
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startPostgres } from '../support/postgres-server.ts';

interface Contender {
  readonly name: string;
  readonly port: number;
  readonly password: string;
}

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '3' },
    clients: { type: 'string', default: '8' },
  },
});
const PGBOUNCER = ['/usr/sbin/pgbouncer', '/usr/bin/pgbouncer'].find((path) => existsSync(path));
const GATEWAY = new URL('./postgres-gateway-process.ts', import.meta.url).pathname;

const server = await startPostgres({
  settings: { max_connections: '200', synchronous_commit: 'off' },
});
if (server === undefined) {
  console.log('SKIP: bench:postgres: no PostgreSQL server binaries');
  process.exit(process.env['CI'] === 'true' ? 1 : 0);
}
const children: ChildProcess[] = [];
const folder = mkdtempSync(join(tmpdir(), 'sallyport-pgbouncer-'));
try {
  const contenders: Contender[] = [
    { name: 'direct', port: server.port, password: server.password },
    ...(await startBouncer()),
    { name: 'gateway', port: await startGateway('policy'), password: 'token' },
    { name: 'gateway-without-policy', port: await startGateway('none'), password: 'token' },
  ];
  await pgbench({ name: 'init', port: server.port, password: server.password }, [
    '-i',
    '-q',
    '-s',
    '5',
  ]);
  for (const protocol of ['simple', 'extended', 'prepared']) await compare(protocol, contenders);
} finally {
  for (const child of children) {
    child.stdin?.end();
    if (child.spawnfile !== process.execPath) child.kill('SIGTERM');
  }
  await Promise.all(
    children.map(
      (child) =>
        new Promise((resolve) =>
          child.exitCode === null ? child.once('exit', resolve) : resolve(0),
        ),
    ),
  );
  rmSync(folder, { recursive: true, force: true });
  await server.stop();
}

async function compare(protocol: string, contenders: readonly Contender[]): Promise<void> {
  const runs = new Map<string, number[]>(contenders.map(({ name }) => [name, []]));
  for (let round = 0; round < Number(values.rounds); round += 1) {
    for (const contender of contenders) {
      const options = ['-n', '-S', '-M', protocol, '-c', values.clients, '-T', values.seconds];
      const text = await pgbench(contender, options);
      const failed = Number(/failed transactions: (\d+)/.exec(text)?.[1] ?? Number.NaN);
      if (failed !== 0) throw new Error(`${contender.name}: ${text}`);
      runs.get(contender.name)?.push(Number(/tps = ([\d.]+)/.exec(text)?.[1]));
    }
  }
  const median = (name: string): number => {
    const sorted = (runs.get(name) ?? []).sort((left, right) => left - right);
    return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  };
  for (const { name } of contenders) {
    const tps = Math.round(median(name));
    const beside = (other: string): number | undefined =>
      runs.has(other) ? Number((tps / median(other)).toFixed(3)) : undefined;
    console.log(
      JSON.stringify({
        figure: 'postgres-tps',
        protocol,
        clients: Number(values.clients),
        through: name,
        tps,
        ofDirect: beside('direct'),
        ofPgbouncer: beside('pgbouncer'),
      }),
    );
  }
}

function pgbench(contender: Contender, options: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(
      'pgbench',
      [...options],
      {
        env: {
          PATH: process.env['PATH'] ?? '',
          PGHOST: '127.0.0.1',
          PGPORT: String(contender.port),
          PGUSER: 'postgres',
          PGPASSWORD: contender.password,
          PGDATABASE: 'postgres',
        },
      },
      (error, out, err) => {
        if (error === null) resolve(out);
        else reject(new Error(`${contender.name}: ${err}${out}`));
      },
    );
  });
}

function startGateway(mode: string): Promise<number> {
  if (server === undefined) throw new Error('no server');
  const child = spawn(
    process.execPath,
    [GATEWAY, server.host, String(server.port), server.password, mode],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  children.push(child);
  return new Promise((resolve, reject) => {
    child.once('exit', () => reject(new Error('the gateway ended')));
    child.stdout?.once('data', (chunk: Buffer) => resolve(Number(chunk.toString())));
  });
}

async function startBouncer(): Promise<Contender[]> {
  if (PGBOUNCER === undefined || server === undefined) {
    console.log('SKIP: bench:postgres: pgbouncer is not installed');
    return [];
  }
  const port = await freePort();
  const users = join(folder, 'users.txt');
  writeFileSync(users, `"postgres" "${server.password}"\n`);
  const settings = join(folder, 'pgbouncer.ini');
  writeFileSync(
    settings,
    `[databases]
postgres = host=127.0.0.1 port=${server.port} dbname=postgres user=postgres password='${server.password}'
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = plain
auth_file = ${users}
pool_mode = session
max_client_conn = 200
default_pool_size = 100
`,
  );
  chmodSync(folder, 0o755);
  const asRoot = process.getuid?.() === 0 ? ['-u', 'postgres'] : [];
  children.push(spawn(PGBOUNCER, ['-q', ...asRoot, settings], { stdio: 'ignore' }));
  await listening(port);
  return [{ name: 'pgbouncer', port, password: server.password }];
}

async function listening(port: number): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.destroy();
        resolve(true);
      });
      socket.once('error', () => resolve(false));
    });
    if (open) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('pgbouncer did not start');
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}
