/**
 * A secret in a file of its own: made on first use, readable by its owner only. A file that others can read is refused: whoever
 * can read it may have a copy.
 */
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ControlError } from './error.ts';

const OWNER_ONLY = 0o600;
const GROUP_AND_OTHERS = 0o077;

/** The text of the file, made by `make` when there is none. Throws `state/...`; `hint` says what losing it means. */
export function openPrivateFile(
  dir: string,
  name: string,
  make: () => string,
  hint: string,
): string {
  const path = join(dir, name);
  makeOnce(dir, path, make);
  const mode = statSync(path).mode & 0o777;
  if ((mode & GROUP_AND_OTHERS) !== 0)
    throw new ControlError(
      'state/key-exposed',
      `${path} can be read by others (mode ${mode.toString(8)})`,
      { hint: `chmod 600 ${path}; if others may have read it, delete it: ${hint}` },
    );
  return readFileSync(path, 'utf8');
}

/** `wx` lets exactly one of two processes that start together write the file. */
function makeOnce(dir: string, path: string, make: () => string): void {
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    if (existsSync(path)) return;
    writeFileSync(path, make(), { flag: 'wx', mode: OWNER_ONLY, flush: true });
    chmodSync(path, OWNER_ONLY);
  } catch (cause) {
    if (existsSync(path)) return;
    throw new ControlError('state/not-writable', `the state folder ${dir} cannot be written`, {
      cause,
      hint: 'check its owner and that the disk is not full, or name another with `state:`',
    });
  }
}
