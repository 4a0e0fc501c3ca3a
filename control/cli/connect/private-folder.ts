/**
 * A folder that only this user can look into, for as long as a program runs.
 */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const OWNER_ONLY = 0o600;

export interface PrivateFolder {
  readonly path: string;
  /** Writes a file of mode 0600 and gives its path. */
  write(name: string, text: string): string;
  /** Removes it with everything in it. Idempotent. */
  remove(): void;
}

/** Makes one, in memory where the system has a place for that. */
export function makePrivateFolder(
  env: Readonly<Record<string, string | undefined>> = process.env,
): PrivateFolder {
  const runtime = env['XDG_RUNTIME_DIR'];
  const parent = runtime !== undefined && existsSync(runtime) ? runtime : tmpdir();
  // mkdtemp makes it with mode 0700.
  const path = mkdtempSync(join(parent, 'sallyport-'));
  return {
    path,
    write(name, text) {
      const file = join(path, name);
      writeFileSync(file, text, { mode: OWNER_ONLY, flag: 'wx' });
      return file;
    },
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}
