/**
 * The real gateway as a process, in a folder of its own, as an operator runs it: a written `sallyport.yaml`, policies beside
 * it, `sallyport start`. Addresses come from what it prints.
 */
import type { ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli, spawnCli } from '../control/cli/run-cli.ts';
import type { PostgresServer } from './postgres-server.ts';

/** Milliseconds a start may take on a busy machine. */
const START_LIMIT_MS = 90_000;

export interface GatewayFolder {
  readonly dir: string;
  /** Where the journal lies unless the configuration says otherwise. */
  readonly journal: string;
  write(path: string, text: string): void;
  /** A token of an identity, optionally acting for another. */
  token(subject: string, ...more: string[]): Promise<string>;
  remove(): void;
}

export interface GatewayProcess {
  readonly child: ChildProcess;
  /** Ports by listener: `postgres`, `http`, `api`. */
  readonly ports: Readonly<Record<string, number>>;
  /** Everything it has printed, standard error included. */
  output(): string;
  /** Resolves with what matched once the output holds it. */
  saw(pattern: RegExp): Promise<string>;
  /** Sends a signal and waits for the end; the exit code, null after a signal that killed it. */
  end(signal: NodeJS.Signals): Promise<number | null>;
}

/** Lets everybody do everything. */
export const ALLOW_ALL = 'package access\n\ndefault allow := true\n';

/** A new folder with this configuration and `policies/access.policy`. */
export function makeGatewayFolder(config: string, policy: string = ALLOW_ALL): GatewayFolder {
  const dir = mkdtempSync(join(tmpdir(), 'sallyport-e2e-'));
  const write = (path: string, text: string): void => {
    mkdirSync(join(dir, path, '..'), { recursive: true });
    writeFileSync(join(dir, path), text);
  };
  write('sallyport.yaml', config);
  write('policies/access.policy', policy);
  return {
    dir,
    journal: join(dir, '.sallyport', 'journal'),
    write,
    async token(subject, ...more) {
      const { code, stdout, stderr } = await runCli(['token', subject, ...more], { cwd: dir });
      if (code !== 0) throw new Error(`no token for ${subject}: ${stderr}`);
      return stdout.trim();
    },
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}

/** The entry of `resources:` for a server, named `shop`. */
export function describeShop(server: PostgresServer): string {
  const { host, port, user, database, password } = server;
  return `  - {name: shop, type: postgres, host: ${host}, port: ${port}, user: ${user}, database: ${database}, password: "${password}"}\n`;
}

/** Starts the gateway of a folder and waits until it runs. Rejects with its output when it ends instead. */
export async function startGatewayProcess(
  folder: Pick<GatewayFolder, 'dir'>,
  args: readonly string[] = [],
): Promise<GatewayProcess> {
  const child = spawnCli(['start', ...args], { cwd: folder.dir });
  return watchProcess(child, /running; Ctrl-C stops it/);
}

/** Follows a process that prints `NAME host:port` lines, from the moment its output matches `ready`. */
export async function watchProcess(child: ChildProcess, ready: RegExp): Promise<GatewayProcess> {
  let text = '';
  const lookers = new Set<() => void>();
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const look = (): void => {
    for (const looker of lookers) looker();
  };
  const keep = (chunk: Buffer): void => {
    text += chunk.toString();
    look();
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  const saw = (pattern: RegExp): Promise<string> =>
    new Promise((resolve, reject) => {
      const finish = (settle: () => void): void => {
        clearTimeout(timer);
        lookers.delete(looker);
        settle();
      };
      const fail = (why: string): void =>
        finish(() => reject(new Error(`${why} without ${pattern}: ${text}`)));
      const timer = setTimeout(() => fail(`${START_LIMIT_MS} ms passed`), START_LIMIT_MS);
      const looker = (): void => {
        const match = pattern.exec(text);
        if (match !== null) finish(() => resolve(match[0]));
      };
      lookers.add(looker);
      looker();
      void ended.then(() => fail('it ended'));
    });
  await saw(ready);
  const ports = [...text.matchAll(/^(postgres|http|api) +\S+:(\d+)$/gm)].map(
    ([, name, port]) => [name, Number(port)] as const,
  );
  return {
    child,
    ports: Object.fromEntries(ports),
    output: () => text,
    saw,
    end(signal) {
      child.kill(signal);
      return ended;
    },
  };
}
