/**
 * What the approval desk is given and what it offers to the API, the links and the notices. It is the gate's approval port besides.
 */
import type { IdentityInput } from '../../engine/contract/input.ts';
import type { StepActor } from '../../proxy/gate/control-record.ts';
import type { ApprovalPort, Clock } from '../../proxy/gate/ports.ts';
import type { Refusal } from '../../proxy/gate/refusal.ts';
import type { ApprovalRules } from '../config/approvals-section.ts';
import type { StoredAnswer, StoredApproval } from '../store/approvals/approval-store.ts';
import type { Store } from '../store/store.ts';
import type { ApprovalState } from './state.ts';
import type { Witnessing } from './steps.ts';
import type { ApprovalView } from './view.ts';

/** Requests shown in one list. */
export const MAX_LISTED = 200;
/** Characters of a note. */
export const MAX_NOTE_LENGTH = 1000;

export interface ApprovalDeskOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly maxPendingPerIdentity: number;
  /** E-mail address of a subject: two subjects with one address are one person. */
  readonly emailOf: (subject: string) => string | undefined;
  /** Names this gateway among those of one store. */
  readonly gateway: string;
  readonly journal: Witnessing;
  readonly rules?: ApprovalRules;
  /** Told of a request that people are to be told of, after it is made or escalated. Must not throw, and is not waited for. */
  readonly onAsked?: (approval: StoredApproval) => void;
  /** Told of a request that was decided, at the gateway where it was held. Must not throw, and is not waited for. */
  readonly onSettled?: (approval: ApprovalView) => void;
}

/** Who answers, and by which way. */
export type Via = StepActor['via'];

export interface ApprovalDesk extends ApprovalPort {
  answer(
    id: string,
    approver: IdentityInput,
    answer: StoredAnswer['answer'],
    note: string | undefined,
    via?: Via,
  ): Promise<ApprovalView | Refusal>;
  /** Puts a request before the people whom the configuration names for that; for those involved and those who may answer. */
  escalate(
    id: string,
    by: IdentityInput,
    note: string | undefined,
  ): Promise<ApprovalView | Refusal>;
  /** Takes a request back; for those involved. */
  withdraw(
    id: string,
    by: IdentityInput,
    note: string | undefined,
  ): Promise<ApprovalView | Refusal>;
  /** Takes a grant back; for those who may answer the request. */
  revoke(id: string, by: IdentityInput, note?: string): Promise<ApprovalView | Refusal>;
  list(viewer: IdentityInput, states?: readonly ApprovalState[]): Promise<readonly ApprovalView[]>;
  find(id: string, viewer: IdentityInput): Promise<ApprovalView | Refusal>;
  /** Undefined when this identity may answer, else why not; the request as it is. */
  check(id: string, approver: IdentityInput): Promise<ApprovalView | Refusal>;
  /** Undefined when this person may answer the request, whatever its state, else why not. */
  refuseApprover(approver: IdentityInput, approval: StoredApproval): Refusal | undefined;
  /** Withdraws what an earlier run of this gateway left pending: nobody waits for it any more. Returns how many. */
  withdrawAbandoned(): Promise<number>;
  /** Stops listening to the store. */
  close(): void;
  /** Requests that wait now. */
  readonly waiting: number;
}
