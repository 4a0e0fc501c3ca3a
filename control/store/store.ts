/**
 * What the control plane keeps between restarts: one small interface for each concern, put together for the composition root, so
 * that either engine can stand behind them. Consumers take the part they need. test/control/store/contract.ts is the same for
 * every engine. No policy, no protocol, no clock in here: times come in as milliseconds since the epoch.
 */
import type { SealedSecretStore } from '../credentials/ports.ts';
import type { ApiKeyStore, ConsentStore, OnceStore } from '../identity/ports.ts';
import type { ApprovalStore } from './approvals/approval-store.ts';
import type { ChangeFeed } from './changes/change-feed.ts';
import type { GrantStore } from './grants/grant-store.ts';
import type { DeadLetterStore } from './notices/dead-letter-store.ts';
import type { RevocationStore } from './tokens/revocation-store.ts';

export interface Store
  extends ApprovalStore,
    GrantStore,
    RevocationStore,
    ConsentStore,
    OnceStore,
    ApiKeyStore,
    SealedSecretStore,
    DeadLetterStore,
    ChangeFeed {
  /** Rejects when the store cannot be written. */
  ping(): Promise<void>;
  close(): Promise<void>;
}
