/**
 * What the approval desk keeps: requests and the answers to them. Times are milliseconds since the epoch.
 */
import type { ApprovalDemand } from '../../../engine/contract/decision.ts';
import type { IdentityInput, ResourceInput } from '../../../engine/contract/input.ts';
import type { ApprovalEvidence } from '../../../proxy/gate/evidence.ts';
import type { ApprovalState } from '../../approvals/state.ts';
import type { StoredGrant } from '../grants/grant-store.ts';

/** What an approver is shown besides the text; nothing is decided by it. */
export interface ApprovalDetails extends ApprovalEvidence {
  readonly resource?: ResourceInput;
}

/** Further people a request was put before, and by whom. */
export interface Escalation {
  readonly by: string;
  readonly note: string | undefined;
  readonly groups: readonly string[];
  readonly atMs: number;
}

/** One request for approval, with everything an approver is shown and a grant is bound to. */
export interface StoredApproval {
  readonly id: string;
  readonly state: ApprovalState;
  /** The gateway whose client waits. */
  readonly gateway: string;
  readonly sessionId: string;
  readonly identity: IdentityInput;
  readonly resource: string;
  readonly text: string;
  readonly digest: string;
  /** Equal for statements that differ in their literals only. */
  readonly shape: string;
  readonly demand: ApprovalDemand;
  readonly revision: string;
  readonly reason: string | undefined;
  readonly details: ApprovalDetails;
  readonly escalation: Escalation | undefined;
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
  readonly decidedAtMs: number | undefined;
}

export interface StoredAnswer {
  readonly approval: string;
  readonly subject: string;
  /** What the person is known by; at most one answer of each to a request. */
  readonly person: string;
  readonly answer: 'approve' | 'deny';
  readonly note: string | undefined;
  readonly atMs: number;
}

export interface ApprovalFilter {
  readonly states?: readonly ApprovalState[];
  /** Requests held at this gateway only. */
  readonly gateway?: string;
  /** Newest first; at most this many. */
  readonly limit: number;
}

export interface SimilarFilter {
  readonly resource: string;
  readonly shape: string;
  /** Left out of the result. */
  readonly except: string;
  readonly limit: number;
}

/** One step of a request: its new state, and the grant that a yes makes. */
export interface ApprovalMove {
  readonly to: ApprovalState;
  readonly atMs: number;
  readonly grant?: StoredGrant;
}

/** `counted` is false when this subject or person has answered before, or the request is pending no more. */
export type AnswerResult =
  | { readonly counted: false }
  | { readonly counted: true; readonly moved: ApprovalMove | undefined };

/**
 * Called inside the transaction that makes a change, when it is certain to be made; a rejection undoes the change. This is where a
 * change is written to the journal: before it takes effect.
 */
export type Witness = () => Promise<void>;

export interface ApprovalStore {
  insertApproval(approval: StoredApproval): Promise<void>;
  findApproval(id: string): Promise<StoredApproval | undefined>;
  listApprovals(filter: ApprovalFilter): Promise<readonly StoredApproval[]>;
  /** Requests that were decided, by people or by time, about statements of this shape; newest first. */
  listSimilar(filter: SimilarFilter): Promise<readonly StoredApproval[]>;
  /** Pending requests of one subject. */
  countPending(subject: string): Promise<number>;
  /**
   * Moves a request on; a grant that is given is made, and that of a request which becomes `revoked` ends. False when it was not in
   * `from` any more, and nothing has changed.
   */
  moveApproval(
    id: string,
    from: ApprovalState,
    move: ApprovalMove,
    witness?: Witness,
  ): Promise<boolean>;
  /** Puts a pending request before further people; false when it is pending no more or was escalated before. */
  escalateApproval(id: string, escalation: Escalation, witness?: Witness): Promise<boolean>;
  /**
   * Adds an answer and moves the request as `judge` says, given every answer before this one, in one step: a crash leaves both or
   * neither, and answers that race are judged one after the other. `judge` may say that this one does not count. Rejects when
   * `judge` does, and nothing has changed.
   */
  answerApproval(
    answer: StoredAnswer,
    judge: (before: readonly StoredAnswer[]) => Promise<ApprovalMove | 'refused' | undefined>,
  ): Promise<AnswerResult>;
  /** The answers to these requests, each request's in the order they were given. */
  listAnswers(approvals: readonly string[]): Promise<readonly StoredAnswer[]>;
}
