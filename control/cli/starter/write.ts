/**
 * Writes the files of a starter, all or none that were there before.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ControlError } from '../../error.ts';

export interface StarterFile {
  /** Relative to the folder of the starter. */
  readonly path: string;
  readonly text: string;
  /** True for a secret: only its owner may read it. */
  readonly isPrivate: boolean;
}

/** The first of the files that exists already. */
export function findExisting(dir: string, files: readonly StarterFile[]): string | undefined {
  return files.find((file) => existsSync(join(dir, file.path)))?.path;
}

/** Writes every file; `wx` keeps one that has appeared meanwhile. */
export function writeStarter(dir: string, files: readonly StarterFile[]): void {
  for (const file of files) {
    const path = join(dir, file.path);
    try {
      mkdirSync(dirname(path), { recursive: true, mode: file.isPrivate ? 0o700 : 0o755 });
      writeFileSync(path, file.text, { flag: 'wx', mode: file.isPrivate ? 0o600 : 0o644 });
    } catch (cause) {
      throw new ControlError('state/not-writable', `${path} cannot be written`, {
        cause,
        hint: 'check the folder and that the disk is not full',
      });
    }
  }
}
