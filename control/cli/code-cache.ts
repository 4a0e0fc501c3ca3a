/**
 * Keeps the code Node compiles, so that the next start need not compile it: most of the time of a short command. It lies in the user's
 * own cache folder, not in the shared one Node would take: what is planted there would run. Nothing here ever fails a command.
 */
import { readdirSync, rmSync } from 'node:fs';
import { enableCompileCache, getCompileCacheDir } from 'node:module';
import { join } from 'node:path';
import { cacheFolder, isOwnFolder, makeOwnFolder } from './cache-folder.ts';

/** Files of code that are kept, several times those of one installation; past it all is begun anew. */
export const MAX_FILES = 4000;

/** Has code that is loaded from now on kept, and taken from what was kept. */
export function keepCode(env: NodeJS.ProcessEnv): void {
  // Who starts the program may have named a folder already.
  if (getCompileCacheDir() !== undefined) return;
  const folder = join(cacheFolder(env), 'code');
  try {
    makeOwnFolder(folder);
    if (!isOwnFolder(cacheFolder(env)) || !isOwnFolder(folder)) return;
    const { directory } = enableCompileCache(folder);
    if (directory !== undefined && countFiles(folder) > MAX_FILES)
      rmSync(folder, { recursive: true, force: true });
  } catch {
    // Without a cache this start is slower, and as right as with one.
  }
}

function countFiles(folder: string): number {
  return readdirSync(folder).reduce((sum, name) => sum + readdirSync(join(folder, name)).length, 0);
}
