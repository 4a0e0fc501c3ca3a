/**
 * The approval desk: takes requests from the gate, shows them to approvers, counts answers, and issues grants. It implements the
 * gate's approval port over the store. Steps are taken in `steps.ts` only; a client that waits here is woken by the store,
 * whichever gateway the answer came to.
 */
import type { ApprovalDemand } from '../../engine/contract/decision.ts';
import type { IdentityInput } from '../../engine/contract/input.ts';
import type { StepActor } from '../../proxy/gate/control-record.ts';
import { toMs } from '../../proxy/gate/instant.ts';
import type { ApprovalOutcome } from '../../proxy/gate/ports.ts';
import { isRefusal, type Refusal } from '../../proxy/gate/refusal.ts';
import type { StoredApproval } from '../store/approvals/approval-store.ts';
import {
  type ApprovalDesk,
  type ApprovalDeskOptions,
  MAX_LISTED,
  type Via,
} from './desk-contract.ts';
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
import { createSteps } from './steps.ts';
import {
  type ApprovalView,
  onePerPerson,
  shapeOfApproval,
  viewApproval,
  viewApprovals,
} from './view.ts';
import { type Alarm, createWaitingRoom } from './waiting-room.ts';

/** Requests that are searched for those a viewer may see. */
const MAX_SCANNED = 2000;

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
      const [seen] = await viewApprovals(store, [approval]);
      if (seen === undefined || !room.has(id)) return;
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
    return approval === undefined ? refuseUnknown(id) : viewApproval(store, approval);
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
    if (escalated?.state === 'pending') options.onAsked?.(escalated);
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
      if (room.has(id)) options.onAsked?.(approval);
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
        ...(states === undefined ? {} : { states: storedAs(states) }),
      });
      const nowMs = now();
      const seen = found
        .filter((approval) => mayView(viewer, approval))
        .map((approval) => asOf(approval, nowMs))
        .filter(({ state }) => states === undefined || states.includes(state));
      return viewApprovals(store, seen.slice(0, MAX_LISTED));
    },

    async find(id, viewer) {
      const approval = await visible(id, viewer);
      return isRefusal(approval) ? approval : viewApproval(store, approval);
    },

    async check(id, approver) {
      const approval = await answerable(id, approver);
      return isRefusal(approval) ? approval : viewApproval(store, approval);
    },

    refuseApprover,

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

/** A request as of a moment: a pending one past its time has expired, though nobody has written that down yet. */
function asOf(approval: StoredApproval, nowMs: number): StoredApproval {
  return approval.state === 'pending' && approval.expiresAtMs <= nowMs
    ? { ...approval, state: 'expired' }
    : approval;
}

/** The states in which requests of these are stored, given `asOf`. */
function storedAs(states: readonly ApprovalState[]): readonly ApprovalState[] {
  return states.includes('expired') ? [...new Set([...states, 'pending' as const])] : states;
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
