/**
 * The approval desk: takes requests from the gate, shows them to approvers, counts answers, and issues grants. It implements the
 * gate's approval port over the store. Steps are taken in `steps.ts` only; a client that waits here is woken by the store,
 * whichever gateway the answer came to.
 */
import type { ApprovalDemand } from '../../engine/contract/decision.ts';
import type { IdentityInput } from '../../engine/contract/input.ts';
import type { StepActor } from '../../proxy/gate/control-record.ts';
import { toMs } from '../../proxy/gate/instant.ts';
import type { ApprovalOutcome, ApprovalPort, Clock } from '../../proxy/gate/ports.ts';
import { isRefusal, type Refusal } from '../../proxy/gate/refusal.ts';
import type { ApprovalRules } from '../config/approvals-section.ts';
import type { StoredAnswer, StoredApproval } from '../store/approvals/approval-store.ts';
import type { Store } from '../store/store.ts';
import { createEligibility } from './eligibility.ts';
import { makeGrant } from './grant.ts';
import { createPeople, isSamePerson, readMarks, writeMarks } from './people.ts';
import {
  refuseClosed,
  refuseEscalation,
  refuseFlood,
  refuseNotOwn,
  refuseSecondAnswer,
  refuseUnknown,
} from './refusals.ts';
import { STRICT_RULES } from './rules.ts';
import type { ApprovalState } from './state.ts';
import { createSteps, type Witnessing } from './steps.ts';
import { type ApprovalView, onePerPerson, shapeOfApproval, viewApproval } from './view.ts';
import { type Alarm, createWaitingRoom } from './waiting-room.ts';

/** Requests shown in one list. */
export const MAX_LISTED = 200;
/** Requests that are searched for those a viewer may see. */
const MAX_SCANNED = 2000;
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
  /** Told of a request that people are to be told of, after it is made or escalated. */
  readonly onAsked?: (approval: ApprovalView) => void;
  /** Told of a request that was decided, at the gateway where it was held. */
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
  /** Withdraws what an earlier run of this gateway left pending: nobody waits for it any more. Returns how many. */
  withdrawAbandoned(): Promise<number>;
  /** Stops listening to the store. */
  close(): void;
  /** Requests that wait now. */
  readonly waiting: number;
}

export function createApprovalDesk(options: ApprovalDeskOptions): ApprovalDesk {
  const { store, clock, rules = STRICT_RULES } = options;
  const room = createWaitingRoom();
  const people = createPeople(rules.people, options.emailOf);
  const { mayView, refuseApprover, isInvolved } = createEligibility(rules, people);
  const steps = createSteps(store, clock, options.journal);
  const now = (): number => toMs(clock.nowNs());
  const actor = ({ subject, issuer }: IdentityInput, via: Via): StepActor => ({
    subject,
    issuer,
    via,
  });

  /** Wakes whoever waits for this request here, if it is decided. */
  async function look(id: string): Promise<void> {
    if (!room.has(id)) return;
    try {
      const approval = await store.findApproval(id);
      if (approval === undefined || approval.state === 'pending') return;
      const seen = await viewApproval(store, approval, false);
      if (!room.has(id)) return;
      room.settle(id, outcomeOf(seen));
      options.onSettled?.(seen);
    } catch (error) {
      room.fail(id, error);
    }
  }
  const unwatch = store.watch((change) => {
    if (change.kind === 'approval') void look(change.id);
    else if (change.kind === 'missed') for (const id of room.ids()) void look(id);
  });

  /** Ends a request from its own side; whoever was faster has already decided it. */
  async function end(id: string, step: 'expire' | 'cancel'): Promise<void> {
    const approval = await store.findApproval(id);
    if (approval !== undefined) await steps.move(approval, step);
    await look(id);
  }

  /** The request with its state as of now: a pending one past its time has expired, whether a timer fired or not. */
  async function current(approval: StoredApproval): Promise<StoredApproval> {
    if (approval.state !== 'pending' || approval.expiresAtMs > now()) return approval;
    await end(approval.id, 'expire');
    return (await store.findApproval(approval.id)) ?? approval;
  }

  async function load(id: string): Promise<StoredApproval | undefined> {
    const approval = await store.findApproval(id);
    return approval === undefined ? undefined : current(approval);
  }

  const reload = async (id: string): Promise<ApprovalView | Refusal> => {
    const approval = await store.findApproval(id);
    await look(id);
    return approval === undefined ? refuseUnknown(id) : viewApproval(store, approval, true);
  };

  /** The request if this identity may see it; the same answer for what is not there: numbers cannot be probed. */
  async function visible(id: string, viewer: IdentityInput): Promise<StoredApproval | Refusal> {
    const approval = await load(id);
    return approval === undefined || !mayView(viewer, approval) ? refuseUnknown(id) : approval;
  }

  async function answerable(
    id: string,
    approver: IdentityInput,
  ): Promise<StoredApproval | Refusal> {
    const approval = await visible(id, approver);
    if (isRefusal(approval)) return approval;
    const refusal = refuseApprover(approver, approval);
    if (refusal !== undefined) return refusal;
    return approval.state === 'pending' ? approval : refuseClosed(approval.state);
  }

  async function escalate(
    approval: StoredApproval,
    by: StepActor | undefined,
    note: string | undefined,
  ): Promise<boolean> {
    const escalation = {
      by: by?.subject ?? 'the gateway',
      note,
      groups: rules.escalateTo,
      atMs: now(),
    };
    if (!(await steps.escalate(approval, escalation, by))) return false;
    const escalated = await store.findApproval(approval.id);
    if (escalated?.state === 'pending' && options.onAsked !== undefined)
      options.onAsked(await viewApproval(store, escalated, true));
    return true;
  }

  const escalateLate = (id: string): readonly Alarm[] =>
    rules.escalateAfterMs === undefined || rules.escalateTo.length === 0
      ? []
      : [
          {
            afterMs: rules.escalateAfterMs,
            async ring() {
              const approval = await load(id);
              if (approval?.state === 'pending') await escalate(approval, undefined, undefined);
            },
          },
        ];

  return {
    get waiting() {
      return room.size;
    },

    grants: (scope) => store.findGrants(scope, now()),

    async request(request) {
      const { identity, resource, decidedAtMs } = request;
      const pending = await store.countPending(identity.subject);
      if (pending >= options.maxPendingPerIdentity) return refuseFlood(identity.subject, pending);
      const id = options.newId();
      const demand = normalise(request.demand);
      const details = { ...request.evidence, resource };
      const approval: StoredApproval = {
        id,
        state: 'pending',
        gateway: options.gateway,
        sessionId: request.sessionId,
        identity,
        resource: resource.name,
        text: request.text,
        digest: request.digest,
        shape: shapeOfApproval({ details, text: request.text }),
        demand,
        revision: request.revision,
        reason: request.reason,
        details,
        escalation: undefined,
        createdAtMs: decidedAtMs,
        expiresAtMs: decidedAtMs + demand.expiresMs,
        decidedAtMs: undefined,
      };
      await steps.request(approval);
      const expiry = {
        afterMs: approval.expiresAtMs - now(),
        ring: () => end(id, 'expire'),
      };
      const outcome = room.enter(id, [expiry, ...escalateLate(id)]);
      // An answer that came between the insertion and the waiting has told nobody.
      await look(id);
      if (room.has(id)) options.onAsked?.(await viewApproval(store, approval, true));
      return {
        id,
        wait(signal) {
          const withdraw = (): void =>
            void end(id, 'cancel').catch((error: unknown) => room.fail(id, error));
          if (signal.aborted) withdraw();
          else signal.addEventListener('abort', withdraw, { once: true });
          return outcome.finally(() => signal.removeEventListener('abort', withdraw));
        },
      };
    },

    spend: (grantId) => store.spendGrant(grantId, now()),

    async answer(id, approver, answer, note, via = 'api') {
      const approval = await answerable(id, approver);
      if (isRefusal(approval)) return approval;
      const marks = people.marksOf(approver);
      const entry = {
        approval: id,
        subject: approver.subject,
        person: writeMarks(marks),
        answer,
        note,
        atMs: now(),
      };
      const result = await steps.answer(approval, entry, actor(approver, via), (before) => {
        // The time may have run out while this waited for its turn.
        if (approval.expiresAtMs <= now()) return 'refused';
        if (before.some(({ person }) => isSamePerson(readMarks(person), marks))) return 'refused';
        if (answer === 'deny') return { step: 'deny' };
        const yes = [...before, entry].filter((each) => each.answer === 'approve');
        const approvers = onePerPerson(yes);
        return approvers.length < approval.demand.quorum
          ? { step: 'answer' }
          : { step: 'approve', grant: makeGrant(options.newId(), approval, approvers, now()) };
      });
      if (result.counted) return reload(id);
      const after = await load(id);
      return after?.state === 'pending'
        ? refuseSecondAnswer()
        : refuseClosed(after?.state ?? 'cancelled');
    },

    async escalate(id, by, note) {
      const approval = await visible(id, by);
      if (isRefusal(approval)) return approval;
      if (approval.state !== 'pending') return refuseClosed(approval.state);
      if (rules.escalateTo.length === 0 || approval.escalation !== undefined)
        return refuseEscalation(approval.escalation !== undefined);
      return (await escalate(approval, actor(by, 'api'), note))
        ? reload(id)
        : refuseEscalation(true);
    },

    async withdraw(id, by, note) {
      const approval = await visible(id, by);
      if (isRefusal(approval)) return approval;
      if (!isInvolved(by, approval)) return refuseNotOwn();
      if (await steps.move(approval, 'withdraw', { by: actor(by, 'api'), note })) return reload(id);
      return refuseClosed((await store.findApproval(id))?.state ?? approval.state);
    },

    async revoke(id, by, note) {
      const approval = await visible(id, by);
      if (isRefusal(approval)) return approval;
      const refusal = refuseApprover(by, approval);
      if (refusal !== undefined) return refusal;
      const grant = await store.findGrantOf(id);
      const detail = { by: actor(by, 'api'), note, ...(grant === undefined ? {} : { grant }) };
      if (await steps.move(approval, 'revoke', detail)) return reload(id);
      return refuseClosed((await store.findApproval(id))?.state ?? approval.state);
    },

    async list(viewer, states) {
      const found = await store.listApprovals({
        limit: MAX_SCANNED,
        ...(states === undefined ? {} : { states }),
      });
      const seen = found.filter((approval) => mayView(viewer, approval)).slice(0, MAX_LISTED);
      const live = await Promise.all(seen.map(current));
      return Promise.all(
        live
          .filter((approval) => states === undefined || states.includes(approval.state))
          .map((approval) => viewApproval(store, approval, false)),
      );
    },

    async find(id, viewer) {
      const approval = await visible(id, viewer);
      return isRefusal(approval) ? approval : viewApproval(store, approval, true);
    },

    async check(id, approver) {
      const approval = await answerable(id, approver);
      return isRefusal(approval) ? approval : viewApproval(store, approval, true);
    },

    async withdrawAbandoned() {
      const left = await store.listApprovals({
        states: ['pending'],
        gateway: options.gateway,
        limit: Number.MAX_SAFE_INTEGER,
      });
      const abandoned = left.filter((approval) => !room.has(approval.id));
      for (const approval of abandoned) await steps.move(approval, 'cancel');
      return abandoned.length;
    },

    close: unwatch,
  };
}

/** What the client that waits is told. */
function outcomeOf({ state, grant, answers }: ApprovalView): ApprovalOutcome {
  if (state === 'granted' && grant !== undefined) return { kind: 'granted', grant };
  const no = answers.find(({ answer }) => answer === 'deny');
  if (state === 'denied' && no !== undefined)
    return { kind: 'denied', by: no.subject, note: no.note };
  return { kind: state === 'expired' ? 'expired' : 'cancelled' };
}

/** The demand with the fewest people it can mean: at least one. */
function normalise(demand: ApprovalDemand): ApprovalDemand {
  return demand.quorum >= 1 ? demand : { ...demand, quorum: 1 };
}
