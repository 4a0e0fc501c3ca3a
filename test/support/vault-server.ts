/**
 * A real Vault-compatible server (OpenBao or Vault) in its development mode: in memory, unsealed, with a root token. Named by
 * SALLYPORT_TEST_VAULT, or `bao` or `vault` on the PATH.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { findFreePort } from '../control/cli/run-cli.ts';

const START_LIMIT_MS = 30_000;

export interface VaultServer {
  readonly address: string;
  readonly rootToken: string;
  /** One call of its API with the root token; gives the JSON answer. */
  call(method: string, path: string, body?: object): Promise<Record<string, unknown>>;
  /** Ends it at once; what it kept is gone. */
  stop(): Promise<void>;
}

/** The program, or undefined when there is none on this machine. */
export function findVault(): string | undefined {
  const named = process.env['SALLYPORT_TEST_VAULT'];
  return [...(named === undefined ? [] : [named]), 'bao', 'vault'].find((program) => {
    try {
      execFileSync(program, ['version'], { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  });
}

export async function startVault(program: string, port?: number): Promise<VaultServer> {
  const listen = `127.0.0.1:${port ?? (await findFreePort())}`;
  const rootToken = 'root-token-of-the-test';
  const home = mkdtempSync(join(tmpdir(), 'sallyport-vault-'));
  const child = spawn(
    program,
    ['server', '-dev', `-dev-root-token-id=${rootToken}`, `-dev-listen-address=${listen}`],
    { stdio: 'ignore', env: { PATH: process.env['PATH'], HOME: home } },
  );
  const address = `http://${listen}`;
  const call: VaultServer['call'] = async (method, path, body) => {
    const answer = await fetch(`${address}/v1/${path}`, {
      method,
      headers: { 'x-vault-token': rootToken, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
  };
  const stop = async (): Promise<void> => {
    await endProcess(child);
    rmSync(home, { recursive: true, force: true });
  };
  const until = Date.now() + START_LIMIT_MS;
  while (Date.now() < until && child.exitCode === null) {
    const isUp = await call('GET', 'secret/config').then(
      () => true,
      () => false,
    );
    if (isUp) return { address, rootToken, call, stop };
    await delay(100);
  }
  await stop();
  throw new Error('the Vault server did not start');
}

async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGKILL');
  await ended;
}
