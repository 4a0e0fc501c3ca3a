/**
 * The real OPA as oracle: found on PATH or in Go's binary folder, run as a child process. Absent on most machines; a test that
 * needs it says so aloud.
 */
import { execFileSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

/** Milliseconds one run may take. */
const DEADLINE_MS = 60_000;

/** Path of the `opa` program, or undefined. */
export function findOpa(): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), join(homedir(), 'go', 'bin')];
  return folders.map((folder) => join(folder, 'opa')).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Standard output of `opa <args>`; throws with OPA's own words when it exits other than 0. */
export function runOpa(opa: string, args: readonly string[], input?: string): string {
  return execFileSync(opa, args, {
    encoding: 'utf8',
    input,
    timeout: DEADLINE_MS,
    maxBuffer: 64 * 1024 * 1024,
  });
}
