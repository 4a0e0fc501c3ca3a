/**
 * One admitted connection: steps 2 to 7 of the pipeline for each of its actions. Every way out of `submit` that is not a
 * recorded pass is a refusal, exceptions included. It must not know any protocol.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Decision } from '../../engine/contract/decision.ts';
import type { ActionInput, SessionInput } from '../../engine/contract/input.ts';
import { evidenceOf } from './evidence.ts';
import type { Arrival, SubmitOptions } from './gate.ts';
import { assignGrants, type GrantScope, isGrantInForce } from './grants.ts';
import { holdForApproval } from './hold.ts';
import type { HostedSession, SessionHost } from './hosted-session.ts';
import { createCalendar, toMs } from './instant.ts';
import type { Permit } from './permit.ts';
import type { Durability, Grant } from './ports.ts';
import type { ActionDecided, ActionOutcome } from './record.ts';
import { isRefusal, type Refusal, refuse } from './refusal.ts';
import {
  aborted,
  durabilityOf,
  noDecision,
  type Ruling,
  refuseBlocked,
  SPENT,
  STALE,
  withReason,
} from './ruling.ts';
import { storeInput } from './stored-input.ts';
import type { Verdict } from './verdict.ts';

/** Milliseconds an ended session's protocol has to report its last outcomes before the session is closed for it. */
const END_GRACE_MS = 1_000;

export function createSession(
  id: string,
  permit: Permit,
  arrival: Arrival,
  startedNs: bigint,
  host: SessionHost,
): HostedSession {
  const { ports, limits, observer, recorder } = host;
  const { identity, target } = permit;
  const known = { identity: host.fixed.of(identity), resource: host.fixed.of(target.resource) };
  const expiresMs = Date.parse(identity.credential.expires_at);
  const ended = new AbortController();
  const over = new AbortController();
  const unfinished = new Set<number>();
  const used = new Set<string>();
  const finished = Promise.withResolvers<void>();
  const calendar = createCalendar();
  const about = {
    id,
    started_at: calendar.text(startedNs),
    client: arrival.client,
  };
  let actions = 0;
  let rows = 0;
  /** Actions that are submitted and not yet answered. */
  let pending = 0;
  /** Told when the last of them is answered. */
  let onQuiet: (() => void) | undefined;
  let closing: Promise<void> | undefined;
  let expiry: NodeJS.Timeout | undefined;
  let grace: NodeJS.Timeout | undefined;

  const sessionInput = (before: number, reason = arrival.reason): SessionInput =>
    reason === undefined
      ? { ...about, actions: before, rows }
      : { ...about, reason, actions: before, rows };

  /** Why nothing may be submitted now. */
  function standing(): Refusal | undefined {
    if (recorder.stopped !== undefined) return recorder.stopped;
    if (isRefusal(ended.signal.reason)) return ended.signal.reason;
    if (closing !== undefined)
      return refuse('unavailable', 'session/closed', 'the session is closed');
    if (!(toMs(ports.clock.nowNs()) < expiresMs)) {
      const cause = refuse('unauthenticated', 'identity/expired', 'the credential has expired', {
        hint: 'Sign in again, then reconnect.',
      });
      end(cause);
      return cause;
    }
    return undefined;
  }

  function decide(
    action: ActionInput,
    before: number,
    grants: readonly Grant[],
    reason: string | undefined,
  ): Ruling {
    const nowNs = ports.clock.nowNs();
    const context = calendar.context(
      nowNs,
      grants.map(({ id: grantId, code, scope, approvers, expires_at }) => ({
        id: grantId,
        code,
        scope,
        approvers,
        expires_at,
      })),
    );
    const input = {
      ...known,
      session: sessionInput(before, reason),
      action,
      context,
    };
    return { decision: ports.decisions.decide(target.policies, input), nowNs };
  }

  async function grantsFor(digest: string, obtained: readonly Grant[]): Promise<readonly Grant[]> {
    const listed = await ports.approvals.grants({
      subject: identity.subject,
      actors: identity.actors,
      resource: target.resource.name,
      sessionId: id,
    });
    if (listed.length + obtained.length === 0) return listed;
    const scope: GrantScope = {
      identity,
      resource: target.resource.name,
      sessionId: id,
      digest,
      nowMs: toMs(ports.clock.nowNs()),
      chainMayApprove: host.chainMayApprove,
    };
    const known = new Set(listed.map((grant) => grant.id));
    return [...listed, ...obtained.filter((grant) => !known.has(grant.id))].filter((grant) =>
      isGrantInForce(grant, scope),
    );
  }

  function recordDecision(
    action: number,
    input: ActionInput,
    verdict: ActionDecided['verdict'],
    ruling: Ruling,
    grants: readonly Grant[],
    durability: Durability,
  ): Promise<Refusal | undefined> {
    const stored = storeInput(input, limits);
    return recorder.record(
      {
        type: 'action.decided',
        at: calendar.text(ruling.nowNs),
        session: id,
        action,
        input: stored.input,
        verdict,
        decision: ruling.decision,
        grants: grants.map((grant) => grant.id),
        ...(stored.truncated ? { truncated: true as const } : {}),
      },
      durability,
    );
  }

  async function block(
    action: number,
    input: ActionInput,
    ruling: Ruling,
    refusal: Refusal,
  ): Promise<Refusal> {
    const unrecorded = await recordDecision(action, input, 'block', ruling, [], 'written');
    return unrecorded ?? refusal;
  }

  async function pass(
    action: number,
    input: ActionInput,
    ruling: Ruling,
    grants: readonly Grant[],
    signal: AbortSignal,
  ): Promise<Verdict> {
    for (const grant of grants) {
      // INVARIANT: before it is spent, so that a revocation that comes from now on finds this session.
      used.add(grant.id);
      if (!(await ports.approvals.spend(grant.id))) {
        return block(action, input, withReason(ruling, SPENT), SPENT);
      }
    }
    const durability = durabilityOf(input.class);
    const unrecorded = await recordDecision(action, input, 'allow', ruling, grants, durability);
    if (unrecorded !== undefined) return unrecorded;
    const late =
      standing() ??
      (signal.aborted
        ? refuse('blocked', 'action/cancelled', 'cancelled by the client')
        : undefined);
    unfinished.add(action);
    if (late !== undefined) {
      await finish(action, aborted('never forwarded'));
      return late;
    }
    const { masks, revision } = ruling.decision;
    return { pass: true, action, masks, revision };
  }

  async function judge(
    action: number,
    input: ActionInput,
    options: SubmitOptions,
    spentNs: { total: bigint },
  ): Promise<Verdict> {
    const obtained: Grant[] = [];
    for (let round = 0; ; round += 1) {
      // `submit` has just looked, in the same turn.
      const gone = round === 0 ? undefined : standing();
      if (gone !== undefined) return gone;
      const grants = await grantsFor(input.digest, obtained);
      const ruling = decide(input, action - 1, grants, options.reason);
      spentNs.total += ports.clock.nowNs() - ruling.nowNs;
      const { decision } = ruling;
      if (decision.effect === 'allow') {
        return await pass(action, input, ruling, [], options.signal);
      }
      if (decision.effect !== 'require_approval' || decision.approvals.length === 0) {
        return block(action, input, ruling, refuseBlocked(decision));
      }
      const { met, unmet } = assignGrants(decision, grants);
      if (unmet.length === 0) return pass(action, input, ruling, met, options.signal);
      if (round >= limits.maxApprovalRounds) {
        return block(action, input, withReason(ruling, STALE), STALE);
      }
      const held = await hold(action, input, ruling, unmet, options);
      if (isRefusal(held)) return block(action, input, ruling, held);
      obtained.push(...held);
    }
  }

  async function hold(
    action: number,
    input: ActionInput,
    ruling: Ruling,
    demands: Decision['approvals'],
    options: SubmitOptions,
  ): Promise<readonly Grant[] | Refusal> {
    if (!host.takeHold()) {
      return refuse('limit', 'limit/held-actions', 'too many actions wait for approval already');
    }
    try {
      const unrecorded = await recordDecision(action, input, 'hold', ruling, [], 'written');
      if (unrecorded !== undefined) return unrecorded;
      observer.actionHeld(input.kind);
      const request = {
        sessionId: id,
        identity,
        resource: target.resource,
        text: input.text ?? input.verb,
        digest: input.digest,
        revision: ruling.decision.revision,
        reason: options.reason ?? arrival.reason,
        decidedAtMs: toMs(ruling.nowNs),
        evidence: evidenceOf(input, ruling.decision, arrival),
      };
      const { maxHoldMs } = limits;
      const signals = [options.signal, over.signal];
      return await holdForApproval(
        { demands, about: request, action, maxHoldMs, onHold: options.onHold, signals },
        { approvals: ports.approvals, clock: ports.clock, recorder },
      );
    } finally {
      host.giveHold();
    }
  }

  async function decideAndRecord(input: ActionInput, options: SubmitOptions): Promise<Verdict> {
    actions += 1;
    const action = actions;
    const spentNs = { total: 0n };
    let verdict: Verdict;
    try {
      verdict = await judge(action, input, options, spentNs);
    } catch (error) {
      observer.fault(error);
      const fault = refuse('unavailable', 'gate/fault', 'the gateway could not decide this');
      const ruling = { decision: noDecision(fault), nowNs: ports.clock.nowNs() };
      verdict = await block(action, input, ruling, fault).catch((second: unknown) => {
        observer.fault(second);
        return fault;
      });
    }
    observer.actionDecided({
      kind: input.kind,
      class: input.class,
      verdict: isRefusal(verdict) ? 'block' : 'allow',
      code: isRefusal(verdict) ? verdict.code : '',
      masks: isRefusal(verdict) ? 0 : verdict.masks.length,
      decisionNs: Number(spentNs.total),
    });
    return verdict;
  }

  async function submit(input: ActionInput, options: SubmitOptions): Promise<Verdict> {
    const gone = standing();
    if (gone !== undefined) return gone;
    if (pending >= limits.maxPendingActions) {
      return refuse('limit', 'limit/pending-actions', 'too many actions at once in this session');
    }
    pending += 1;
    try {
      return await decideAndRecord(input, options);
    } catch (error) {
      observer.fault(error);
      return refuse('unavailable', 'gate/fault', 'the gateway could not decide this');
    } finally {
      pending -= 1;
      if (pending === 0) onQuiet?.();
    }
  }

  async function finish(action: number, outcome: ActionOutcome): Promise<void> {
    if (!unfinished.delete(action)) return;
    rows += outcome.rows;
    observer.actionFinished(outcome.status, outcome.rows, outcome.bytes);
    const at = calendar.text(ports.clock.nowNs());
    await recorder.record({ type: 'action.finished', at, session: id, action, outcome }, 'written');
  }

  async function closeOnce(cause: string): Promise<void> {
    clearTimeout(expiry);
    clearTimeout(grace);
    over.abort();
    try {
      // What was held says how it ended before the session does; a port that hangs is not waited for.
      if (pending > 0) {
        const patience = delay(END_GRACE_MS, undefined, { ref: false });
        const quiet = new Promise<void>((resolve) => {
          onQuiet = resolve;
        });
        await Promise.race([quiet, patience]);
      }
      const endings = [...unfinished].map((action) => finish(action, aborted('the session ended')));
      const at = calendar.text(ports.clock.nowNs());
      await recorder.record(
        { type: 'session.closed', at, session: id, actions, rows, cause },
        'written',
      );
      await Promise.all(endings);
    } catch (error) {
      observer.fault(error);
    }
    host.onClosed(id);
    observer.sessionClosed();
    finished.resolve();
  }

  function close(cause: string): Promise<void> {
    closing ??= closeOnce(cause);
    return closing;
  }

  function end(cause: Refusal): void {
    if (ended.signal.aborted || closing !== undefined) return;
    ended.abort(cause);
    over.abort();
    grace = setTimeout(() => void close(cause.code), END_GRACE_MS);
  }

  function watchExpiry(): void {
    const leftMs = expiresMs - toMs(ports.clock.nowNs());
    // A timer holds 31 bits of milliseconds, and a clock may be set back: look again rather than trust one long wait.
    const waitMs = Math.min(Math.max(leftMs, 50), 60_000);
    expiry = setTimeout(() => {
      if (standing() === undefined) watchExpiry();
    }, waitMs);
    expiry.unref();
  }
  watchExpiry();

  const view = { id, permit, submit, finish, close, end, hasUsed: used.has.bind(used) };
  return { ...view, ended: ended.signal, done: finished.promise };
}
