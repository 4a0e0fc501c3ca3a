/**
 * Step 1: requests for approval, the answers to them, the grants they lead to, and revoked tokens. Released: never edited.
 */
import type { Migration } from './migration.ts';

export const APPROVALS_GRANTS_REVOCATIONS: Migration = {
  name: '0001-approvals-grants-revocations',
  sqlite: `
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
  postgres: `
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
  created_at_ms bigint not null,
  expires_at_ms bigint not null,
  decided_at_ms bigint
);
create index approvals_by_state on approvals (state, created_at_ms);
create index approvals_by_subject on approvals (subject, state);
create table answers (
  approval text not null references approvals (id),
  subject text not null,
  answer text not null check (answer in ('approve','deny')),
  note text,
  at_ms bigint not null,
  primary key (approval, subject)
);
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
  expires_at_ms bigint not null,
  uses bigint not null check (uses >= 0),
  revoked_at_ms bigint
);
create index grants_by_scope on grants (subject, resource, expires_at_ms);
create table revocations (
  token_id text primary key,
  by text not null,
  at_ms bigint not null,
  expires_at_ms bigint not null
);`,
};
