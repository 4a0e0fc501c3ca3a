/**
 * The one place where a request changes: every step goes through `nextState`, one compare-and-set in the store, and the journal,
 * which has it before it takes effect. It must not decide who may take a step.
 */
import type { StepActor } from '../../proxy/gate/control-record.ts';
import { toMs, toRfc3339 } from '../../proxy/gate/instant.ts';
import type { Clock, Durability } from '../../proxy/gate/ports.ts';
import type { JournalEntry } from '../../proxy/gate/record.ts';
import type {
  AnswerResult,
  ApprovalMove,
  ApprovalStore,
  Escalation,
  StoredAnswer,
  StoredApproval,
} from '../store/approvals/approval-store.ts';
import type { StoredGrant } from '../store/grants/grant-store.ts';
import { type ApprovalTransition, nextState } from './state.ts';

/** Appends to the journal; rejects when it cannot be written. */
export type Witnessing = (entry: JournalEntry, durability: Durability) => Promise<unknown>;

export interface StepDetail {
  readonly by?: StepActor;
  readonly note?: string | undefined;
  readonly grant?: StoredGrant;
}

/** What an answer comes to, given those before it. */
export type Judgement =
  | { readonly step: 'answer' | 'deny' }
  | { readonly step: 'approve'; readonly grant: StoredGrant }
  | 'refused';

export interface ApprovalSteps {
  request(approval: StoredApproval): Promise<void>;
  /** False when the request had moved on already. */
  move(
    approval: StoredApproval,
    step: 'expire' | 'cancel' | 'withdraw' | 'revoke',
    detail?: StepDetail,
  ): Promise<boolean>;
  escalate(
    approval: StoredApproval,
    escalation: Escalation,
    by: StepActor | undefined,
  ): Promise<boolean>;
  answer(
    approval: StoredApproval,
    answer: StoredAnswer,
    by: StepActor,
    judge: (before: readonly StoredAnswer[]) => Judgement,
  ): Promise<AnswerResult>;
}

/** What changes who may do what is on the disk before it counts. */
const SYNCED: ReadonlySet<ApprovalTransition> = new Set(['approve', 'deny', 'revoke', 'escalate']);

export function createSteps(
  store: ApprovalStore,
  clock: Clock,
  journal: Witnessing,
): ApprovalSteps {
  const nowMs = (): number => toMs(clock.nowNs());

  async function record(
    approval: StoredApproval,
    step: ApprovalTransition,
    to: string,
    { by, note, grant }: StepDetail,
  ): Promise<void> {
    const { identity } = approval;
    const isFirst = step === 'request';
    await journal(
      {
        type: 'approval.step',
        at: toRfc3339(clock.nowNs()),
        session: approval.sessionId,
        approval: approval.id,
        step,
        from: isFirst ? undefined : approval.state,
        to,
        by,
        note,
        grant: grant?.id,
        about: isFirst
          ? {
              subject: identity.subject,
              actors: identity.actors,
              resource: approval.resource,
              digest: approval.digest,
              code: approval.demand.code,
              revision: approval.revision,
              reason: approval.reason,
              expires_at: new Date(approval.expiresAtMs).toISOString(),
            }
          : undefined,
      },
      SYNCED.has(step) ? 'synced' : 'written',
    );
  }

  return {
    async request(approval) {
      await record(approval, 'request', 'pending', {});
      await store.insertApproval(approval);
    },

    async move(approval, step, detail = {}) {
      const to = nextState(approval.state, step);
      if (to === undefined) return false;
      const move: ApprovalMove = { to, atMs: nowMs() };
      return store.moveApproval(approval.id, approval.state, move, () =>
        record(approval, step, to, detail),
      );
    },

    async escalate(approval, escalation, by) {
      const to = nextState(approval.state, 'escalate');
      if (to === undefined) return false;
      const detail = { ...(by === undefined ? {} : { by }), note: escalation.note };
      return store.escalateApproval(approval.id, escalation, () =>
        record(approval, 'escalate', to, detail),
      );
    },

    answer(approval, answer, by, judge) {
      return store.answerApproval(answer, async (before) => {
        const judged = judge(before);
        if (judged === 'refused') return 'refused';
        const to = nextState('pending', judged.step);
        if (to === undefined) return 'refused';
        const grant = judged.step === 'approve' ? { grant: judged.grant } : {};
        await record(approval, judged.step, to, { by, note: answer.note, ...grant });
        return judged.step === 'answer' ? undefined : { to, atMs: answer.atMs, ...grant };
      });
    },
  };
}
