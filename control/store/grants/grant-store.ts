/**
 * Grants: what a yes allows, how often and until when. Times are milliseconds since the epoch.
 */
import type { Grant } from '../../../proxy/gate/ports.ts';

export interface StoredGrant extends Grant {
  readonly approval: string;
  readonly revokedAtMs: number | undefined;
}

export interface GrantScope {
  readonly subject: string;
  readonly actors: readonly string[];
  readonly resource: string;
  readonly sessionId: string;
}

export interface GrantStore {
  /** Grants that hold at `nowMs` for this scope: `session` grants of another session are left out. */
  findGrants(scope: GrantScope, nowMs: number): Promise<readonly StoredGrant[]>;
  findGrantOf(approval: string): Promise<StoredGrant | undefined>;
  /** The grants that these requests led to, in any order. */
  listGrantsOf(approvals: readonly string[]): Promise<readonly StoredGrant[]>;
  /** Takes one use; false when it is revoked, expired or used up. */
  spendGrant(id: string, nowMs: number): Promise<boolean>;
}
