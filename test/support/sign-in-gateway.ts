/**
 * A gateway that people sign in to, as a process, and the command line of a person with a home folder of their own.
 */
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CliResult, runCli, spawnCli, waitForOutput } from '../control/cli/run-cli.ts';
import {
  type GatewayFolder,
  type GatewayProcess,
  makeGatewayFolder,
  startGatewayProcess,
} from './gateway-process.ts';

export interface SignInGateway {
  readonly folder: GatewayFolder;
  readonly process: GatewayProcess;
  /** Origin of its API. */
  readonly api: string;
  close(): Promise<void>;
}

/** Starts a gateway with these sections besides an API on a free port. */
export async function startSignInGateway(
  sections: string,
  listen = 'listen: {api: "127.0.0.1:0"}',
): Promise<SignInGateway> {
  const folder = makeGatewayFolder(`${listen}\n${sections}`);
  const process = await startGatewayProcess(folder);
  return {
    folder,
    process,
    api: `http://127.0.0.1:${process.ports['api']}`,
    async close() {
      await process.end('SIGTERM');
      folder.remove();
    },
  };
}

/** A person at a machine of their own: no configuration, an empty home. */
export interface Person {
  readonly home: string;
  /** Where their sign-ins are kept. */
  readonly loginFile: string;
  run(...args: string[]): Promise<CliResult>;
  /** Begins `sallyport login`; `address` is what it tells to open. */
  login(api: string, ...more: string[]): Promise<LoginInProgress>;
  /** Begins any command that tells an address to open. */
  command(args: readonly string[]): Promise<LoginInProgress>;
  /** Ends what was begun and not finished, and removes the home. */
  leave(): void;
}

export interface LoginInProgress {
  readonly child: ChildProcess;
  readonly address: string;
  readonly done: Promise<CliResult>;
}

export function makePerson(): Person {
  const home = mkdtempSync(join(tmpdir(), 'sallyport-person-'));
  const children: ChildProcess[] = [];
  const keep = async (begun: Promise<LoginInProgress>): Promise<LoginInProgress> => {
    children.push((await begun).child);
    return begun;
  };
  return {
    home,
    loginFile: join(home, '.config', 'sallyport', 'login.json'),
    run: (...args) => runCli(args, { cwd: home }),
    login: (api, ...more) => keep(begin(home, ['login', '--api', api, ...more])),
    command: (args) => keep(begin(home, args)),
    leave() {
      for (const child of children) child.kill();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

async function begin(home: string, args: readonly string[]): Promise<LoginInProgress> {
  const child = spawnCli(args, { cwd: home });
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const done = new Promise<CliResult>((resolve) =>
    child.once('close', (code) => resolve({ code, stdout, stderr })),
  );
  const [, address = ''] = await waitForOutput(child, /^ {2}(https?:\S+)$/m);
  return { child, address, done };
}
