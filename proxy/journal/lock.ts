/**
 * One writer for one journal directory. The lock is the operating system's, on the file `lock`, taken through SQLite: it ends
 * with the process however that ends, so there is no stale lock to judge, and it holds between containers that share a disk.
 * `lock.owner` names the holder for the message to the second; nothing is decided by it.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { ProxyError } from '../error.ts';

export interface DirectoryLock {
  release(): void;
}

/** Takes the lock or throws `ProxyError` `journal/unavailable`. */
export function lockDirectory(dir: string): DirectoryLock {
  const path = join(dir, 'lock');
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path);
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database?.close();
    throw new ProxyError(
      'journal/unavailable',
      `the journal in \`${dir}\` is in use${owner(dir)}`,
      {
        cause: error,
        hint: 'Stop the other gateway, or give this one a journal directory of its own.',
      },
    );
  }
  writeFileSync(join(dir, 'lock.owner'), `${process.pid}\n`);
  const held = database;
  return { release: () => held.close() };
}

function owner(dir: string): string {
  try {
    return ` by process ${readFileSync(join(dir, 'lock.owner'), 'utf8').trim()}`;
  } catch {
    return '';
  }
}
