/**
 * The queries of every concern, put together: the same for both engines.
 */
import { createApprovalQueries } from './approvals/approval-queries.ts';
import type { QueryContext } from './database.ts';
import { createGrantQueries } from './grants/grant-queries.ts';
import { createIdentityQueries } from './identity/identity-queries.ts';
import { createApiKeyQueries } from './keys/api-key-queries.ts';
import { createDeadLetterQueries } from './notices/dead-letter-queries.ts';
import { createSealedSecretQueries } from './secrets/sealed-secret-queries.ts';
import type { Store } from './store.ts';
import { createRevocationQueries } from './tokens/revocation-queries.ts';

export function createQueries(context: QueryContext): Omit<Store, 'watch' | 'close'> {
  return {
    ...createApprovalQueries(context),
    ...createGrantQueries(context),
    ...createRevocationQueries(context),
    ...createIdentityQueries(context),
    ...createApiKeyQueries(context),
    ...createSealedSecretQueries(context),
    ...createDeadLetterQueries(context),
    async ping() {
      // Takes and gives back a write lock: fails where another process holds it or nothing can be written.
      await context.db.transaction().execute(async (transaction) => {
        await transaction.deleteFrom('revocations').where('expires_at_ms', '<', 0).execute();
      });
    },
  };
}
