/**
 * Brings a SQLite store up to date, each step in a transaction of its own.
 */
import type { DatabaseSync } from 'node:sqlite';
import { type AppliedStep, findPendingSteps, type Migration } from '../migrations/migration.ts';

/** Applies what is missing. Throws `store/migration-changed` or `store/newer-schema`. */
export function migrateSqlite(database: DatabaseSync, migrations: readonly Migration[]): void {
  database.exec(
    'create table if not exists migrations (position integer primary key, name text not null, checksum text not null) strict',
  );
  const applied = database
    .prepare('select name, checksum from migrations order by position')
    .all() as unknown as AppliedStep[];
  for (const step of findPendingSteps('sqlite', applied, migrations)) {
    database.exec('begin immediate');
    try {
      database.exec(step.sql);
      database
        .prepare('insert into migrations (position, name, checksum) values (?, ?, ?)')
        .run(step.position, step.name, step.checksum);
      database.exec('commit');
    } catch (error) {
      database.exec('rollback');
      throw error;
    }
  }
}
