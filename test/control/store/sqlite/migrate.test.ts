/**
 * The store's file: its steps are applied once and checked, its settings are the durable ones, its faults are coded.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ControlError } from '../../../../control/error.ts';
import { MIGRATIONS } from '../../../../control/store/migrations/list.ts';
import { migrateSqlite } from '../../../../control/store/sqlite/migrate.ts';
import { openSqliteStore } from '../../../../control/store/sqlite/sqlite-store.ts';

const migrations = suite<{ folder: string }>('control/store/sqlite/migrate');

migrations.before.each((context) => {
  context.folder = mkdtempSync(join(tmpdir(), 'sallyport-store-'));
});
migrations.after.each((context) => {
  rmSync(context.folder, { recursive: true });
});

function codeOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof ControlError) return error.code;
    throw error;
  }
  return 'no error';
}

const step = (name: string, sqlite: string) => ({ name, sqlite, postgres: '' });

migrations('a second opening finds what the first wrote', async ({ folder }) => {
  const path = join(folder, 'store.db');
  const first = openSqliteStore(path);
  await first.revokeToken({ tokenId: 't1', by: 'ana', atMs: 1, expiresAtMs: 10 });
  await first.close();
  const second = openSqliteStore(path);
  assert.is(await second.isRevoked('t1'), true);
  await second.close();
  const raw = new DatabaseSync(path);
  assert.is(raw.prepare('pragma journal_mode').get()?.['journal_mode'], 'wal');
  assert.is(raw.prepare('select count(*) as n from migrations').get()?.['n'], MIGRATIONS.length);
  raw.close();
});

migrations('a step that was edited after it was applied stops the start', () => {
  const database = new DatabaseSync(':memory:');
  migrateSqlite(database, [step('1', 'create table a (x)')]);
  migrateSqlite(database, [step('1', 'create table a (x)')]);
  assert.is(
    codeOf(() => migrateSqlite(database, [step('1', 'create table a (y)')])),
    'store/migration-changed',
  );
});

migrations('a store of a newer version is not touched', () => {
  const database = new DatabaseSync(':memory:');
  migrateSqlite(database, [step('1', 'create table a (x)'), step('2', 'create table b (x)')]);
  assert.is(
    codeOf(() => migrateSqlite(database, [step('1', 'create table a (x)')])),
    'store/newer-schema',
  );
});

migrations('a step that fails is not applied in part', () => {
  const database = new DatabaseSync(':memory:');
  assert.throws(() => migrateSqlite(database, [step('1', 'create table a (x); create nonsense')]));
  assert.is(
    database.prepare("select count(*) as n from sqlite_master where name = 'a'").get()?.['n'],
    0,
  );
});

migrations('a file that is no database is a coded error', ({ folder }) => {
  const path = join(folder, 'store.db');
  writeFileSync(
    path,
    'this is no database, and it is long enough to be looked at as one'.repeat(20),
  );
  assert.is(
    codeOf(() => openSqliteStore(path)),
    'store/unavailable',
  );
});

migrations.run();
