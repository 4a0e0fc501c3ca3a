/**
 * Every step of the store's schema, in order. New ones go to the end.
 */
import { APPROVALS_GRANTS_REVOCATIONS } from './0001-approvals-grants-revocations.ts';
import { APPROVAL_EVIDENCE } from './0002-approval-evidence.ts';
import { CONSENTS_AND_SINGLE_USES } from './0003-consents-and-single-uses.ts';
import { API_KEYS_AND_SEALED_SECRETS } from './0004-api-keys-and-sealed-secrets.ts';
import { DEAD_LETTERS } from './0005-dead-letters.ts';
import type { Migration } from './migration.ts';

export const MIGRATIONS: readonly Migration[] = [
  APPROVALS_GRANTS_REVOCATIONS,
  APPROVAL_EVIDENCE,
  CONSENTS_AND_SINGLE_USES,
  API_KEYS_AND_SEALED_SECRETS,
  DEAD_LETTERS,
];
