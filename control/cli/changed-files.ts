/**
 * What git says has changed since a revision, the work tree and files it does not track included. It runs `git` and reads no policy.
 */
import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { ControlError } from '../error.ts';

/** Bytes of one answer of git. */
const MAX_OUTPUT = 64 * 1024 * 1024;

/** Paths that differ from a revision, absolute and without symbolic links in the folder of the repository. */
export interface ChangedFiles {
  readonly paths: ReadonlySet<string>;
  /** The text a changed file had at the revision; undefined where there was none. */
  textBefore(path: string): string | undefined;
}

/** Asks git in the present folder. Throws `usage/invalid` where it has no such revision or there is no repository. */
export function changedSince(revision: string): ChangedFiles {
  const root = realpathSync(git(['rev-parse', '--show-toplevel'], revision).trim());
  const commit = git(
    ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`],
    revision,
  ).trim();
  const tracked = git(['-C', root, 'diff', '--name-only', '--no-renames', '-z', commit], revision);
  const others = git(['-C', root, 'ls-files', '--others', '--exclude-standard', '-z'], revision);
  const names = `${tracked}${others}`.split('\0').filter((name) => name !== '');
  return {
    paths: new Set(names.map((name) => join(root, name))),
    textBefore(path) {
      const name = path.slice(root.length + 1);
      const { status, stdout } = run(['-C', root, 'show', `${commit}:${name}`]);
      return status === 0 ? stdout : undefined;
    },
  };
}

function git(args: readonly string[], revision: string): string {
  const { status, stdout, stderr, error } = run(args);
  if (status === 0) return stdout;
  const why = stderr?.trim().split('\n')[0];
  throw new ControlError('usage/invalid', `git cannot tell what changed since \`${revision}\``, {
    cause: error,
    ...(why === undefined || why === '' ? {} : { details: [why] }),
    hint: 'the revision must be in this repository; CI checkouts often hold the last commit only',
  });
}

function run(args: readonly string[]): SpawnSyncReturns<string> {
  return spawnSync('git', args, { encoding: 'utf8', maxBuffer: MAX_OUTPUT });
}
