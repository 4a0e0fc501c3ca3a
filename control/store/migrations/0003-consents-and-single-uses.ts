/**
 * Step 3: what people consented to, and what may happen once. Released: never edited.
 */
import type { Migration } from './migration.ts';

export const CONSENTS_AND_SINGLE_USES: Migration = {
  name: '0003-consents-and-single-uses',
  sqlite: `
create table consents (
  id text primary key,
  subject text not null,
  agent text not null,
  purpose text not null,
  resources text,
  granted_at_ms integer not null,
  expires_at_ms integer not null,
  revoked_at_ms integer
) strict;
create index consents_by_subject on consents (subject, agent, granted_at_ms);
create table single_uses (
  id text primary key,
  at_ms integer not null,
  expires_at_ms integer
) strict;`,
  postgres: `
create table consents (
  id text primary key,
  subject text not null,
  agent text not null,
  purpose text not null,
  resources text,
  granted_at_ms bigint not null,
  expires_at_ms bigint not null,
  revoked_at_ms bigint
);
create index consents_by_subject on consents (subject, agent, granted_at_ms);
create table single_uses (
  id text primary key,
  at_ms bigint not null,
  expires_at_ms bigint
);`,
};
