/**
 * The user's own folder for what can be found again: results of checks, compiled code. It is never a folder others may write, for what
 * lies there is believed.
 */
import { lstatSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const OTHERS_MAY_WRITE = 0o022;
const OWNER_ONLY = 0o700;

/** The folder of the cache: `SALLYPORT_CACHE`, else `sallyport` below the user's cache folder. */
export function cacheFolder(env: NodeJS.ProcessEnv): string {
  const own = env['SALLYPORT_CACHE'];
  if (own !== undefined && own !== '') return own;
  return join(env['XDG_CACHE_HOME'] || join(env['HOME'] || homedir(), '.cache'), 'sallyport');
}

/** Makes a folder for the user alone where there is none. Throws what the system throws. */
export function makeOwnFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: OWNER_ONLY });
}

/** True where a folder is the user's, and nobody else may write in it. Throws what the system throws. */
export function isOwnFolder(folder: string): boolean {
  const stat = lstatSync(folder);
  const owner = process.getuid?.();
  return (
    stat.isDirectory() &&
    (owner === undefined || (stat.uid === owner && (stat.mode & OTHERS_MAY_WRITE) === 0))
  );
}
