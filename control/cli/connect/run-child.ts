/**
 * Runs a program in the place of this one: its terminal, its signals, its exit code.
 */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';

/** Exit codes of a shell: 126 for what cannot be run, 127 for what is not there, and signals from 128 on. */
const NOT_RUNNABLE = 126;
const NOT_FOUND = 127;
const FIRST_SIGNAL = 128;

/** Signals that are passed on. */
const PASSED_ON: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2', 'SIGCONT'];
/** Signals that a terminal sends to everybody in the foreground, the program included. */
const OF_TERMINAL: readonly NodeJS.Signals[] = ['SIGINT', 'SIGQUIT'];

/** Runs it to its end and gives the exit code; never rejects: what cannot be started is told, and has a code too. */
export function runChild(
  command: readonly [string, ...string[]],
  env: Readonly<Record<string, string | undefined>>,
): Promise<number> {
  const [program, ...args] = command;
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: 'inherit', env });
    const pass = (signal: NodeJS.Signals): void => void child.kill(signal);
    // From a terminal the program has it already; a second one could mean something else to it.
    const passUnlessTyped = (signal: NodeJS.Signals): void => {
      if (process.stdin.isTTY !== true) child.kill(signal);
    };
    const forget = (): void => {
      for (const signal of PASSED_ON) process.off(signal, pass);
      for (const signal of OF_TERMINAL) process.off(signal, passUnlessTyped);
    };
    for (const signal of PASSED_ON) process.on(signal, pass);
    for (const signal of OF_TERMINAL) process.on(signal, passUnlessTyped);
    child.once('error', ({ code }: NodeJS.ErrnoException) => {
      forget();
      const isMissing = code === 'ENOENT';
      console.error(
        `sallyport: ${isMissing ? `there is no program ${program}` : `${program} cannot be run`}`,
      );
      resolve(isMissing ? NOT_FOUND : NOT_RUNNABLE);
    });
    child.once('exit', (code, signal) => {
      forget();
      resolve(signal === null ? (code ?? 0) : FIRST_SIGNAL + constants.signals[signal]);
    });
  });
}
