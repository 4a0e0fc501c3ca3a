/** Runs a program of the machine (psql, curl) to its end, as a user would type it. */
import { execFile } from 'node:child_process';

/** Milliseconds after which a program that hangs is killed; a refusal must come much sooner. */
const LIMIT_MS = 60_000;

export interface ProgramResult {
  /** Null when it had to be killed. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Rejects only when the program is not installed. */
export function runProgram(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<ProgramResult> {
  return new Promise((resolve, reject) => {
    const options = { env: { PATH: process.env['PATH'], ...env }, timeout: LIMIT_MS };
    const child = execFile(program, [...args], options, (error, stdout, stderr) => {
      if (error !== null && error.code === 'ENOENT') reject(error);
      else resolve({ code: child.exitCode, stdout, stderr });
    });
  });
}
