/** A server of another project as a child process: started on a free port, waited for, and ended. */
import { type ChildProcess, spawn } from 'node:child_process';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';

/** Milliseconds a server may take to answer. */
const START_MS = 20_000;
const RETRY_MS = 50;

export interface ChildServer {
  readonly output: () => string;
  stop(): Promise<void>;
}

/** A port of loopback that nothing listens on. */
export async function findFreePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

/** Starts a program and waits until `url` answers 200. Rejects with its output when it never does. */
export async function startChildServer(
  program: string,
  args: readonly string[],
  url: string,
): Promise<ChildServer> {
  const child = spawn(program, [...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  child.on('error', (error) => {
    output += String(error);
  });
  const deadline = Date.now() + START_MS;
  while (!(await answers(url))) {
    if (Date.now() > deadline || child.exitCode !== null) {
      await end(child);
      throw new Error(`${program} does not answer: ${output.slice(-2_000)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
  return { output: () => output, stop: () => end(child) };
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}

function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGKILL');
  });
}
