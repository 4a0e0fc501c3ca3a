/**
 * Step 5: notices that could not be delivered. Released: never edited.
 */
import type { Migration } from './migration.ts';

export const DEAD_LETTERS: Migration = {
  name: '0005-dead-letters',
  sqlite: `
create table dead_letters (
  id text primary key,
  channel text not null,
  event text not null check (event in ('asked','settled')),
  approval text not null,
  recipient text,
  attempts integer not null,
  error text not null,
  at_ms integer not null
) strict;
create index dead_letters_by_time on dead_letters (at_ms);`,
  postgres: `
create table dead_letters (
  id text primary key,
  channel text not null,
  event text not null check (event in ('asked','settled')),
  approval text not null,
  recipient text,
  attempts integer not null,
  error text not null,
  at_ms bigint not null
);
create index dead_letters_by_time on dead_letters (at_ms);`,
};
