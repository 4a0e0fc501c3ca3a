/**
 * Brings a PostgreSQL store up to date: everything that is missing in one transaction, one gateway at a time.
 */
import type pg from 'pg';
import { type AppliedStep, findPendingSteps, type Migration } from '../migrations/migration.ts';

/** Key of the advisory lock that gateways take turns by: the bytes of `sally`. */
const LOCK = 0x73_61_6c_6c_79;

/** Applies what is missing. Rejects with `store/migration-changed`, `store/newer-schema` or what the server says. */
export async function migratePostgres(
  pool: pg.Pool,
  migrations: readonly Migration[],
): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    await client.query('select pg_advisory_xact_lock($1)', [LOCK]);
    await client.query(
      'create table if not exists migrations (position integer primary key, name text not null, checksum text not null)',
    );
    const { rows } = await client.query<AppliedStep>(
      'select name, checksum from migrations order by position',
    );
    for (const step of findPendingSteps('postgres', rows, migrations)) {
      await client.query(step.sql);
      await client.query('insert into migrations (position, name, checksum) values ($1, $2, $3)', [
        step.position,
        step.name,
        step.checksum,
      ]);
    }
    await client.query('commit');
    client.release();
  } catch (error) {
    // A connection in an unknown state is not kept.
    client.release(true);
    throw error;
  }
}
