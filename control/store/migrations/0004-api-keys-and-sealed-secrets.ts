/**
 * Step 4: keys of machines, as hashes, and secrets of targets, sealed. Released: never edited.
 */
import type { Migration } from './migration.ts';

export const API_KEYS_AND_SEALED_SECRETS: Migration = {
  name: '0004-api-keys-and-sealed-secrets',
  sqlite: `
create table api_keys (
  id text primary key,
  prefix text not null,
  hash text not null unique,
  subject text not null,
  note text not null,
  resources text not null,
  protocols text not null,
  created_by text not null,
  created_at_ms integer not null,
  expires_at_ms integer not null,
  last_used_at_ms integer,
  revoked_at_ms integer
) strict;
create index api_keys_by_subject on api_keys (subject, created_at_ms);
create table sealed_secrets (
  name text primary key,
  version integer not null check (version > 0),
  key_id text not null,
  sealed text not null,
  changed_by text not null,
  changed_at_ms integer not null
) strict;`,
  postgres: `
create table api_keys (
  id text primary key,
  prefix text not null,
  hash text not null unique,
  subject text not null,
  note text not null,
  resources text not null,
  protocols text not null,
  created_by text not null,
  created_at_ms bigint not null,
  expires_at_ms bigint not null,
  last_used_at_ms bigint,
  revoked_at_ms bigint
);
create index api_keys_by_subject on api_keys (subject, created_at_ms);
create table sealed_secrets (
  name text primary key,
  version bigint not null check (version > 0),
  key_id text not null,
  sealed text not null,
  changed_by text not null,
  changed_at_ms bigint not null
);`,
};
