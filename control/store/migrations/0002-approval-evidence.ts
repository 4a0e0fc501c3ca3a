/**
 * Step 2: what an approver is shown, whose gateway waits, who was asked besides, which person stands behind an account, and the
 * whole chain of identities that a grant is for. Grants of an earlier version name no chain and hold for nobody.
 */
import type { Migration } from './migration.ts';

export const APPROVAL_EVIDENCE: Migration = {
  name: '0002-approval-evidence',
  sqlite: `
alter table approvals add column gateway text not null default '';
alter table approvals add column shape text not null default '';
alter table approvals add column details text not null default '{}';
alter table approvals add column escalation text;
create index approvals_by_shape on approvals (resource, shape, created_at_ms);
alter table answers add column person text;
create unique index answers_by_person on answers (approval, person);
alter table grants add column principal text not null default '';`,
  postgres: `
alter table approvals add column gateway text not null default '';
alter table approvals add column shape text not null default '';
alter table approvals add column details text not null default '{}';
alter table approvals add column escalation text;
create index approvals_by_shape on approvals (resource, shape, created_at_ms);
alter table answers add column person text;
create unique index answers_by_person on answers (approval, person);
alter table grants add column principal text not null default '';`,
};
