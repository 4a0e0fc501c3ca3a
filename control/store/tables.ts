/**
 * Every table of the store with its row, for Kysely. A concern declares its rows beside its queries and is named here.
 */
import type { AnswerRow, ApprovalRow } from './approvals/approval-rows.ts';
import type { GrantRow } from './grants/grant-rows.ts';
import type { ConsentRow, SingleUseRow } from './identity/identity-queries.ts';
import type { ApiKeyRow } from './keys/api-key-queries.ts';
import type { DeadLetterRow } from './notices/dead-letter-queries.ts';
import type { SealedSecretRow } from './secrets/sealed-secret-queries.ts';
import type { RevocationRow } from './tokens/revocation-queries.ts';

export interface Tables {
  readonly approvals: ApprovalRow;
  readonly answers: AnswerRow;
  readonly grants: GrantRow;
  readonly revocations: RevocationRow;
  readonly consents: ConsentRow;
  readonly single_uses: SingleUseRow;
  readonly api_keys: ApiKeyRow;
  readonly sealed_secrets: SealedSecretRow;
  readonly dead_letters: DeadLetterRow;
}
