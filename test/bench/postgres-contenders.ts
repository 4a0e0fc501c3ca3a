/**
 * The ways to the server that the PostgreSQL benchmark compares: direct, pgbouncer, the gateway with the shipped guardrails
 * and with a policy that costs nothing. Each but the first is a process of its own, whose CPU time can be read.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PostgresServer } from '../support/postgres-server.ts';

export interface Contender {
  readonly name: string;
  readonly port: number;
  readonly password: string;
  /** Microseconds of CPU its process has used, all threads; undefined for the server itself and where there is no /proc. */
  readonly cpuUs: () => number | undefined;
}

export interface Contenders {
  readonly all: readonly Contender[];
  stop(): Promise<void>;
}

const GATEWAY = new URL('./postgres-gateway-process.ts', import.meta.url).pathname;
/** `sysconf(_SC_CLK_TCK)`: 100 on every Linux that Node runs on. */
const US_PER_TICK = 10_000;

/** Starts all; `profiles` is a folder that receives the CPU profile of each gateway. */
export async function startContenders(
  server: PostgresServer,
  profiles: string | undefined,
): Promise<Contenders> {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-contenders-'));
  const children: ChildProcess[] = [];
  const stop = async (): Promise<void> => {
    const ended = children.map(
      (child) =>
        new Promise((resolve) =>
          child.exitCode === null ? child.once('exit', resolve) : resolve(0),
        ),
    );
    for (const child of children) {
      child.stdin?.end();
      if (child.spawnfile !== process.execPath) child.kill('SIGTERM');
    }
    await Promise.all(ended);
    rmSync(folder, { recursive: true, force: true });
  };
  const gateway = async (name: string, mode: string): Promise<Contender> => {
    const options = profiles === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profiles}`];
    if (profiles !== undefined) options.push(`--cpu-prof-name=${name}.cpuprofile`);
    const child = spawn(
      process.execPath,
      [...options, GATEWAY, server.host, String(server.port), server.password, mode],
      { stdio: ['pipe', 'pipe', 'inherit'] },
    );
    children.push(child);
    const port = await new Promise<number>((resolve, reject) => {
      child.once('exit', () => reject(new Error('the gateway ended')));
      child.stdout?.once('data', (chunk: Buffer) => resolve(Number(chunk.toString())));
    });
    return { name, port, password: 'token', cpuUs: () => cpuUsOf(child) };
  };
  try {
    const { port, password } = server;
    const bouncer = await startBouncer(server, folder, children);
    const all = [
      { name: 'direct', port, password, cpuUs: () => undefined },
      ...(bouncer === undefined ? [] : [bouncer]),
      await gateway('gateway-guardrails', 'policy'),
      await gateway('gateway-allow-all', 'none'),
    ];
    return { all, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** `utime` and `stime` of /proc/PID/stat, fields 14 and 15; the name before them may hold spaces. */
function cpuUsOf(child: ChildProcess): number | undefined {
  const path = `/proc/${child.pid}/stat`;
  if (!existsSync(path)) return undefined;
  const fields = readFileSync(path, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) * US_PER_TICK;
}

async function startBouncer(
  server: PostgresServer,
  folder: string,
  children: ChildProcess[],
): Promise<Contender | undefined> {
  const program = ['/usr/sbin/pgbouncer', '/usr/bin/pgbouncer'].find((path) => existsSync(path));
  if (program === undefined) {
    console.log('SKIP: bench:postgres: pgbouncer is not installed, nothing to compare with');
    return undefined;
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
  const child = spawn(program, ['-q', ...asRoot, settings], { stdio: 'ignore' });
  children.push(child);
  await listening(port);
  return { name: 'pgbouncer', port, password: server.password, cpuUs: () => cpuUsOf(child) };
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
