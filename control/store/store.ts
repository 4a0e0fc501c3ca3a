/**
 * What the control plane keeps between restarts, behind one narrow interface, so that a second engine can stand where the
 * embedded one stands. test/control/store/contract.ts is the same for every engine. No policy, no protocol, no clock in here:
 * times come in as milliseconds since the epoch.
 */
import type { ApprovalDemand } from '../../engine/contract/decision.ts';
import type { IdentityInput } from '../../engine/contract/input.ts';
import type { Grant } from '../../proxy/gate/ports.ts';
import type { ApprovalState } from '../approvals/state.ts';

/** One request for approval, with everything an approver is shown and a grant is bound to. */
export interface StoredApproval {
  readonly id: string;
  readonly state: ApprovalState;
  readonly sessionId: string;
  readonly identity: IdentityInput;
  readonly resource: string;
  readonly text: string;
  readonly digest: string;
  readonly demand: ApprovalDemand;
  readonly revision: string;
  readonly reason: string | undefined;
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
  readonly decidedAtMs: number | undefined;
}

export interface StoredAnswer {
  readonly approval: string;
  readonly subject: string;
  readonly answer: 'approve' | 'deny';
  readonly note: string | undefined;
  readonly atMs: number;
}

export interface StoredGrant extends Grant {
  readonly approval: string;
  readonly revokedAtMs: number | undefined;
}

export interface Revocation {
  readonly tokenId: string;
  readonly by: string;
  readonly atMs: number;
  /** After this moment the token is dead anyway and the entry may be dropped. */
  readonly expiresAtMs: number;
}

export interface ApprovalFilter {
  readonly states?: readonly ApprovalState[];
  /** Newest first; at most this many. */
  readonly limit: number;
}

export interface GrantScope {
  readonly subject: string;
  readonly actors: readonly string[];
  readonly resource: string;
  readonly sessionId: string;
}

export interface Store {
  insertApproval(approval: StoredApproval): Promise<void>;
  findApproval(id: string): Promise<StoredApproval | undefined>;
  listApprovals(filter: ApprovalFilter): Promise<readonly StoredApproval[]>;
  /** Pending requests of one subject. */
  countPending(subject: string): Promise<number>;
  /** Moves a request on; false when it was not in `from` any more, and nothing has changed. */
  moveApproval(
    id: string,
    from: ApprovalState,
    to: ApprovalState,
    atMs: number,
    grant?: StoredGrant,
  ): Promise<boolean>;
  /** False when this subject has answered this request before. */
  insertAnswer(answer: StoredAnswer): Promise<boolean>;
  listAnswers(approval: string): Promise<readonly StoredAnswer[]>;
  /** Grants that hold at `nowMs` for this scope: `session` grants of another session are left out. */
  findGrants(scope: GrantScope, nowMs: number): Promise<readonly StoredGrant[]>;
  findGrantOf(approval: string): Promise<StoredGrant | undefined>;
  /** Takes one use; false when it is revoked, expired or used up. */
  spendGrant(id: string, nowMs: number): Promise<boolean>;
  /** False when there is no such grant, or it was revoked before. */
  revokeGrant(id: string, atMs: number): Promise<boolean>;
  revokeToken(revocation: Revocation): Promise<void>;
  isRevoked(tokenId: string): Promise<boolean>;
  /** Rejects when the store cannot be written. */
  ping(): Promise<void>;
  close(): Promise<void>;
}
