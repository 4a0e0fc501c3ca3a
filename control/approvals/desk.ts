/**
 * The approval desk: takes requests from the gate, shows them to approvers, counts answers, and issues grants. It implements the
 * gate's approval port over the store. States change through `nextState` and a compare-and-set in the store only, so of two
 * answers that race exactly one counts.
 */
import type { ApprovalDemand } from '../../engine/contract/decision.ts';
import type { IdentityInput } from '../../engine/contract/input.ts';
import { principalOf } from '../../proxy/gate/grants.ts';
import type { ApprovalOutcome, ApprovalPort, Clock } from '../../proxy/gate/ports.ts';
import { isRefusal, type Refusal, refuse } from '../../proxy/gate/refusal.ts';
import type { StoredAnswer, StoredApproval } from '../store/approvals/approval-store.ts';
import type { StoredGrant } from '../store/grants/grant-store.ts';
import type { Store } from '../store/store.ts';
import { mayView, refuseApprover } from './eligibility.ts';
import { type ApprovalState, type ApprovalTransition, nextState } from './state.ts';

/** Requests shown in one list. */
export const MAX_LISTED = 200;
/** Requests that are searched for those a viewer may see. */
const MAX_SCANNED = 2000;
/** Characters of a note. */
export const MAX_NOTE_LENGTH = 1000;
/** Longest delay a timer takes; a later expiry is seen by the clock when somebody answers. */
const MAX_TIMER_MS = 2 ** 31 - 1;
/** Uses of a grant that holds for a session or a time. */
const UNBOUNDED_USES = Number.MAX_SAFE_INTEGER;

/** A request as the people involved see it. */
export interface ApprovalView extends StoredApproval {
  readonly answers: readonly StoredAnswer[];
  readonly grant: StoredGrant | undefined;
  /** Approvals still missing; 0 once granted. */
  readonly missing: number;
}

export interface ApprovalDeskOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly maxPendingPerIdentity: number;
  /** E-mail address of a subject: two subjects with one address are one person. */
  readonly emailOf: (subject: string) => string | undefined;
}

export interface ApprovalDesk extends ApprovalPort {
  answer(
    id: string,
    approver: IdentityInput,
    answer: StoredAnswer['answer'],
    note: string | undefined,
  ): Promise<ApprovalView | Refusal>;
  /** Takes a grant back; for those who may answer the request. */
  revoke(id: string, by: IdentityInput): Promise<ApprovalView | Refusal>;
  list(viewer: IdentityInput, states?: readonly ApprovalState[]): Promise<readonly ApprovalView[]>;
  find(id: string, viewer: IdentityInput): Promise<ApprovalView | Refusal>;
  /** Withdraws what an earlier process left pending: nobody waits for it any more. Returns how many. */
  withdrawAbandoned(): Promise<number>;
  /** Requests that wait now. */
  readonly waiting: number;
}

interface Waiter {
  readonly settle: (outcome: ApprovalOutcome) => void;
  readonly outcome: Promise<ApprovalOutcome>;
}

export function createApprovalDesk(options: ApprovalDeskOptions): ApprovalDesk {
  const { store, clock } = options;
  const waiters = new Map<string, Waiter>();
  const now = (): number => Number(clock.nowNs() / 1_000_000n);

  const personOf = (subject: string): string =>
    options.emailOf(subject)?.toLowerCase() ?? `subject ${subject}`;

  /** Subjects who answered, the first of each person: answers that race are counted by people too. */
  const onePerPerson = (answers: readonly StoredAnswer[]): readonly string[] =>
    [
      ...new Map(answers.toReversed().map(({ subject }) => [personOf(subject), subject])).values(),
    ].toReversed();

  async function move(
    approval: StoredApproval,
    transition: ApprovalTransition,
    grant?: StoredGrant,
  ): Promise<boolean> {
    const to = nextState(approval.state, transition);
    return (
      to !== undefined &&
      (await store.moveApproval(approval.id, approval.state, {
        to,
        atMs: now(),
        ...(grant === undefined ? {} : { grant }),
      }))
    );
  }

  const settle = (id: string, outcome: ApprovalOutcome): void => {
    waiters.get(id)?.settle(outcome);
    waiters.delete(id);
  };

  /** Ends a request from its own side; whoever was faster has already settled it. */
  async function end(id: string, transition: 'expire' | 'cancel'): Promise<void> {
    const approval = await store.findApproval(id);
    if (approval !== undefined && (await move(approval, transition)))
      settle(id, { kind: transition === 'expire' ? 'expired' : 'cancelled' });
  }

  /** The request with its state as of now: a pending one past its time has expired, whether a timer fired or not. */
  async function load(id: string): Promise<StoredApproval | undefined> {
    const approval = await store.findApproval(id);
    if (approval?.state !== 'pending' || approval.expiresAtMs > now()) return approval;
    await end(id, 'expire');
    return store.findApproval(id);
  }

  async function view(approval: StoredApproval): Promise<ApprovalView> {
    const answers = await store.listAnswers(approval.id);
    const yes = onePerPerson(answers.filter((answer) => answer.answer === 'approve')).length;
    return {
      ...approval,
      answers,
      grant: await store.findGrantOf(approval.id),
      missing: approval.state === 'pending' ? Math.max(approval.demand.quorum - yes, 0) : 0,
    };
  }

  function makeGrant(approval: StoredApproval, approvers: readonly string[]): StoredGrant {
    const { demand } = approval;
    const expiresAtMs = now() + demand.expiresMs;
    return {
      id: options.newId(),
      approval: approval.id,
      code: demand.code,
      scope: demand.scope,
      approvers,
      answers: demand,
      subject: approval.identity.subject,
      actors: approval.identity.actors,
      principal: principalOf(approval.identity),
      resource: approval.resource,
      sessionId: approval.sessionId,
      digest: approval.digest,
      revision: approval.revision,
      expires_at: new Date(expiresAtMs).toISOString(),
      expiresAtMs,
      uses: demand.scope === 'statement' ? 1 : UNBOUNDED_USES,
      revokedAtMs: undefined,
    };
  }

  async function pendingFor(
    id: string,
    approver: IdentityInput,
  ): Promise<StoredApproval | Refusal> {
    const approval = await load(id);
    if (approval === undefined || !mayView(approver, approval)) return refuseUnknown(id);
    const refusal = refuseApprover(approver, approval);
    if (refusal !== undefined) return refusal;
    return approval.state === 'pending' ? approval : refuseClosed(approval.state);
  }

  return {
    get waiting() {
      return waiters.size;
    },

    async grants(scope) {
      return store.findGrants(scope, now());
    },

    async request(request) {
      const pending = await store.countPending(request.identity.subject);
      if (pending >= options.maxPendingPerIdentity)
        return refuse(
          'limit',
          'limit/pending-approvals',
          `${request.identity.subject} has ${pending} requests for approval open already`,
          { hint: 'Wait for an answer, or have limits.pending_approvals raised.' },
        );
      const id = options.newId();
      const createdAtMs = now();
      await store.insertApproval({
        id,
        state: 'pending',
        gateway: '',
        shape: '',
        details: {},
        escalation: undefined,
        sessionId: request.sessionId,
        identity: request.identity,
        resource: request.resource.name,
        text: request.text,
        digest: request.digest,
        demand: normalise(request.demand),
        revision: request.revision,
        reason: request.reason,
        createdAtMs,
        expiresAtMs: createdAtMs + request.demand.expiresMs,
        decidedAtMs: undefined,
      });
      const { promise, resolve, reject } = Promise.withResolvers<ApprovalOutcome>();
      promise.catch(() => undefined);
      const timer = setTimeout(
        () => void end(id, 'expire').catch(reject),
        Math.min(request.demand.expiresMs, MAX_TIMER_MS),
      );
      timer.unref();
      waiters.set(id, {
        outcome: promise,
        settle: (outcome) => {
          clearTimeout(timer);
          resolve(outcome);
        },
      });
      return {
        id,
        wait(signal) {
          const withdraw = (): void => void end(id, 'cancel').catch(reject);
          if (signal.aborted) withdraw();
          else signal.addEventListener('abort', withdraw, { once: true });
          return promise.finally(() => signal.removeEventListener('abort', withdraw));
        },
      };
    },

    spend: (grantId) => store.spendGrant(grantId, now()),

    async answer(id, approver, answer, note) {
      const approval = await pendingFor(id, approver);
      if (isRefusal(approval)) return approval;
      const before = await store.listAnswers(id);
      const self = personOf(approver.subject);
      if (before.some((each) => personOf(each.subject) === self)) return refuseSecondAnswer();
      const entry = {
        approval: id,
        subject: approver.subject,
        person: self,
        answer,
        note,
        atMs: now(),
      };
      const result = await store.answerApproval(entry, (answers) => {
        const approvers = onePerPerson(answers.filter((each) => each.answer === 'approve'));
        if (answer === 'deny') return Promise.resolve({ to: 'denied', atMs: now() } as const);
        if (approvers.length < approval.demand.quorum) return Promise.resolve(undefined);
        const grant = makeGrant(approval, approvers);
        return Promise.resolve({ to: 'granted', atMs: now(), grant } as const);
      });
      if (!result.counted) {
        const current = await store.findApproval(id);
        return current?.state === 'pending'
          ? refuseSecondAnswer()
          : refuseClosed(current?.state ?? 'cancelled');
      }
      if (result.moved?.grant !== undefined)
        settle(id, { kind: 'granted', grant: result.moved.grant });
      else if (answer === 'deny') settle(id, { kind: 'denied', by: approver.subject, note });
      const after = await store.findApproval(id);
      return after === undefined ? refuseUnknown(id) : view(after);
    },

    async revoke(id, by) {
      const approval = await load(id);
      if (approval === undefined || !mayView(by, approval)) return refuseUnknown(id);
      const refusal = refuseApprover(by, approval);
      if (refusal !== undefined) return refusal;
      const grant = await store.findGrantOf(id);
      if (grant === undefined || !(await move(approval, 'revoke')))
        return refuseClosed(approval.state);
      return view({ ...approval, state: 'revoked' });
    },

    async list(viewer, states) {
      const found = await store.listApprovals({
        limit: MAX_SCANNED,
        ...(states === undefined ? {} : { states }),
      });
      const visible = found.filter((approval) => mayView(viewer, approval)).slice(0, MAX_LISTED);
      const current = await Promise.all(visible.map((approval) => load(approval.id)));
      return Promise.all(
        current
          .filter((approval) => approval !== undefined)
          .filter((approval) => states === undefined || states.includes(approval.state))
          .map(view),
      );
    },

    async find(id, viewer) {
      const approval = await load(id);
      // The same answer for what is not there and what is not shown: numbers cannot be probed.
      return approval === undefined || !mayView(viewer, approval)
        ? refuseUnknown(id)
        : view(approval);
    },

    async withdrawAbandoned() {
      const left = await store.listApprovals({
        states: ['pending'],
        limit: Number.MAX_SAFE_INTEGER,
      });
      const abandoned = left.filter((approval) => !waiters.has(approval.id));
      for (const approval of abandoned) await move(approval, 'cancel');
      return abandoned.length;
    },
  };
}

/** The demand with the fewest people it can mean: at least one. */
function normalise(demand: ApprovalDemand): ApprovalDemand {
  return demand.quorum >= 1 ? demand : { ...demand, quorum: 1 };
}

function refuseUnknown(id: string): Refusal {
  return refuse('blocked', 'approval/not-found', `there is no request ${id} that you may see`);
}

function refuseSecondAnswer(): Refusal {
  return refuse('blocked', 'approval/answered-before', 'you have answered this request before');
}

function refuseClosed(state: ApprovalState): Refusal {
  return refuse('blocked', 'approval/closed', `the request is ${state} already`);
}
