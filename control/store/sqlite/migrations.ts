/**
 * The store's schema as numbered steps. A step that has been released is never edited: each is recorded with a checksum, and a
 * difference stops the start. New steps go to the end.
 */
import { createHash } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { ControlError } from '../../error.ts';

export interface Migration {
  readonly name: string;
  readonly sql: string;
}

export const MIGRATIONS: readonly Migration[] = [
  {
    name: '0001-approvals-grants-revocations',
    sql: `
create table approvals (
  id text primary key,
  state text not null check (state in ('pending','granted','denied','expired','cancelled','revoked')),
  session_id text not null,
  subject text not null,
  identity text not null,
  resource text not null,
  text text not null,
  digest text not null,
  demand text not null,
  revision text not null,
  reason text,
  created_at_ms integer not null,
  expires_at_ms integer not null,
  decided_at_ms integer
) strict;
create index approvals_by_state on approvals (state, created_at_ms);
create index approvals_by_subject on approvals (subject, state);
create table answers (
  approval text not null references approvals (id),
  subject text not null,
  answer text not null check (answer in ('approve','deny')),
  note text,
  at_ms integer not null,
  primary key (approval, subject)
) strict;
create table grants (
  id text primary key,
  approval text not null unique references approvals (id),
  code text not null,
  scope text not null check (scope in ('statement','session','duration')),
  approvers text not null,
  answers text not null,
  subject text not null,
  actors text not null,
  resource text not null,
  session_id text not null,
  digest text not null,
  revision text not null,
  expires_at_ms integer not null,
  uses integer not null check (uses >= 0),
  revoked_at_ms integer
) strict;
create index grants_by_scope on grants (subject, resource, expires_at_ms);
create table revocations (
  token_id text primary key,
  by text not null,
  at_ms integer not null,
  expires_at_ms integer not null
) strict;`,
  },
];

function checksumOf(migration: Migration): string {
  return createHash('sha256').update(migration.sql).digest('hex');
}

/** Applies what is missing, each step in a transaction of its own. Throws `store/migration-changed` or `store/newer-schema`. */
export function migrate(database: DatabaseSync, migrations: readonly Migration[]): void {
  database.exec(
    'create table if not exists migrations (position integer primary key, name text not null, checksum text not null) strict',
  );
  const applied = database
    .prepare('select name, checksum from migrations order by position')
    .all() as { name: string; checksum: string }[];
  if (applied.length > migrations.length)
    throw new ControlError('store/newer-schema', 'the store was written by a newer Sallyport', {
      hint: 'run that version or a later one, or name another state folder',
    });
  for (const [position, migration] of migrations.entries()) {
    const before = applied[position];
    const checksum = checksumOf(migration);
    if (before !== undefined) {
      if (before.name !== migration.name || before.checksum !== checksum)
        throw new ControlError(
          'store/migration-changed',
          `step ${before.name} of the store differs from the one it was made with`,
          { hint: 'run the version that made the store, or name another state folder' },
        );
      continue;
    }
    database.exec('begin immediate');
    try {
      database.exec(migration.sql);
      database
        .prepare('insert into migrations (position, name, checksum) values (?, ?, ?)')
        .run(position, migration.name, checksum);
      database.exec('commit');
    } catch (error) {
      database.exec('rollback');
      throw error;
    }
  }
}
