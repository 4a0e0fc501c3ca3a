/**
 * Step 4, hold: asks for every unmet demand at once and waits. Ends with all grants or with the first refusal; whatever is
 * still asked is then withdrawn. The deadline is kept here as well as in the approvals port. It must not decide: the caller
 * decides again with what came back.
 */
import type { ApprovalDemand } from '../../engine/contract/decision.ts';
import { toRfc3339 } from './instant.ts';
import type { ApprovalOutcome, ApprovalPort, ApprovalRequest, Clock, Grant } from './ports.ts';
import type { ApprovalEvent } from './record.ts';
import type { Recorder } from './recorder.ts';
import { isRefusal, type Refusal, refuse } from './refusal.ts';
import type { HoldNotice } from './verdict.ts';

export interface HoldPorts {
  readonly approvals: ApprovalPort;
  readonly clock: Clock;
  readonly recorder: Recorder;
}

export interface Hold {
  readonly demands: readonly ApprovalDemand[];
  /** The request without its demand. */
  readonly about: Omit<ApprovalRequest, 'demand'>;
  readonly action: number;
  readonly maxHoldMs: number;
  readonly onHold: (notice: HoldNotice) => void;
  /** Aborts when nobody waits for the answer any more. */
  readonly signals: readonly AbortSignal[];
}

type Answer = { readonly kind: 'granted'; readonly grant: Grant } | Refusal;

/** Waits for every demand. Rejects only with what the approvals port threw. */
export async function holdForApproval(
  hold: Hold,
  ports: HoldPorts,
): Promise<readonly Grant[] | Refusal> {
  const over = new AbortController();
  const cancel = (): void => over.abort();
  for (const signal of hold.signals) {
    if (signal.aborted) cancel();
    signal.addEventListener('abort', cancel, { once: true });
  }
  try {
    const grants: Grant[] = [];
    let refusal: Refusal | undefined;
    const ask = async (demand: ApprovalDemand): Promise<void> => {
      const answer = await askOne(demand, hold, ports, over.signal);
      if (isRefusal(answer)) {
        refusal ??= answer;
        cancel();
      } else grants.push(answer.grant);
    };
    const settled = await Promise.allSettled(
      hold.demands.map((demand) =>
        ask(demand).catch((error: unknown) => {
          cancel();
          throw error;
        }),
      ),
    );
    for (const each of settled) if (each.status === 'rejected') throw each.reason;
    return refusal ?? grants;
  } finally {
    for (const signal of hold.signals) signal.removeEventListener('abort', cancel);
  }
}

async function askOne(
  demand: ApprovalDemand,
  hold: Hold,
  ports: HoldPorts,
  signal: AbortSignal,
): Promise<Answer> {
  const waitMs = Math.min(demand.expiresMs, hold.maxHoldMs);
  const mine = new AbortController();
  const withdraw = (): void => mine.abort();
  if (signal.aborted) withdraw();
  signal.addEventListener('abort', withdraw, { once: true });
  let expired = false;
  const timer = setTimeout(() => {
    expired = true;
    withdraw();
  }, waitMs);
  try {
    const asked = ports.approvals.request({ ...hold.about, demand });
    const request = await orAborted(asked, mine.signal);
    if (request === 'aborted') {
      // The port may still answer; what it then holds open is withdrawn at once.
      asked
        .then((late) => (isRefusal(late) ? undefined : late.wait(mine.signal)))
        .catch(() => undefined);
      return expired ? refuseOutcome({ kind: 'expired' }, demand) : refuseCancelled();
    }
    if (isRefusal(request)) return request;
    const event = (
      type: ApprovalEvent['type'],
      by: readonly string[],
      note: string | undefined,
    ): Promise<Refusal | undefined> =>
      ports.recorder.record(
        {
          type,
          at: toRfc3339(ports.clock.nowNs()),
          session: hold.about.sessionId,
          action: hold.action,
          approval: request.id,
          code: demand.code,
          by,
          note,
        },
        type === 'approval.granted' ? 'synced' : 'written',
      );
    const waiting = request.wait(mine.signal);
    waiting.catch(() => undefined);
    const unrecorded = await event('approval.requested', [], undefined);
    if (unrecorded !== undefined) {
      withdraw();
      return unrecorded;
    }
    hold.onHold({
      approval: request.id,
      code: demand.code,
      reason: demand.reason,
      approvers: [...demand.approvers.groups, ...demand.approvers.subjects],
      expiresInMs: waitMs,
    });
    const answered = await orAborted(waiting, mine.signal);
    const outcome: ApprovalOutcome =
      answered === 'aborted' ? { kind: expired ? 'expired' : 'cancelled' } : answered;
    const by = outcome.kind === 'granted' ? outcome.grant.approvers : [];
    const failed = await event(
      `approval.${outcome.kind}`,
      outcome.kind === 'denied' ? [outcome.by] : by,
      outcome.kind === 'denied' ? outcome.note : undefined,
    );
    if (failed !== undefined) return failed;
    return outcome.kind === 'granted' ? outcome : refuseOutcome(outcome, demand);
  } finally {
    clearTimeout(timer);
    withdraw();
    signal.removeEventListener('abort', withdraw);
  }
}

function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T | 'aborted'> {
  return new Promise((resolve, reject) => {
    const abort = (): void => resolve('aborted');
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    promise
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', abort))
      .catch(() => undefined);
  });
}

function refuseOutcome(
  outcome: Exclude<ApprovalOutcome, { readonly kind: 'granted' }>,
  demand: ApprovalDemand,
): Refusal {
  const reasons = [{ code: demand.code, reason: demand.reason, rule: demand.rule }];
  switch (outcome.kind) {
    case 'denied': {
      const note = outcome.note === undefined ? '' : `: ${outcome.note}`;
      return refuse('approval-denied', 'approval/denied', `denied by ${outcome.by}${note}`, {
        reasons,
      });
    }
    case 'expired':
      return refuse('approval-expired', 'approval/expired', 'nobody approved this in time', {
        reasons,
        hint: 'Ask an approver, then send it again.',
      });
    case 'cancelled':
      return refuseCancelled();
  }
}

function refuseCancelled(): Refusal {
  return refuse('blocked', 'approval/cancelled', 'the request for approval was withdrawn');
}
