/**
 * Clients of this gateway that wait for an answer, and the timers of their requests. It must not know how a request is answered: it
 * is told to look, and settles what it is given.
 */
import type { ApprovalOutcome } from '../../proxy/gate/ports.ts';

/** Longest delay a timer takes; a later expiry is seen by the clock when somebody looks. */
const MAX_TIMER_MS = 2 ** 31 - 1;

interface Waiter {
  readonly promise: Promise<ApprovalOutcome>;
  readonly resolve: (outcome: ApprovalOutcome) => void;
  readonly reject: (error: unknown) => void;
  readonly timers: readonly NodeJS.Timeout[];
}

export interface Alarm {
  readonly afterMs: number;
  /** A rejection reaches whoever waits. */
  readonly ring: () => Promise<unknown>;
}

export interface WaitingRoom {
  readonly size: number;
  has(id: string): boolean;
  ids(): readonly string[];
  /** Begins to wait; alarms that ring later are stopped by `settle`. */
  enter(id: string, alarms: readonly Alarm[]): Promise<ApprovalOutcome>;
  /** Nothing when nobody waits. */
  settle(id: string, outcome: ApprovalOutcome): void;
  fail(id: string, error: unknown): void;
}

export function createWaitingRoom(): WaitingRoom {
  const waiters = new Map<string, Waiter>();
  const leave = (id: string): Waiter | undefined => {
    const waiter = waiters.get(id);
    waiters.delete(id);
    for (const timer of waiter?.timers ?? []) clearTimeout(timer);
    return waiter;
  };
  const fail = (id: string, error: unknown): void => leave(id)?.reject(error);
  return {
    get size() {
      return waiters.size;
    },
    has: (id) => waiters.has(id),
    ids: () => [...waiters.keys()],
    enter(id, alarms) {
      const { promise, resolve, reject } = Promise.withResolvers<ApprovalOutcome>();
      promise.catch(() => undefined);
      const timers = alarms.map(({ afterMs, ring }) => {
        const timer = setTimeout(
          () => void ring().catch((error: unknown) => fail(id, error)),
          Math.max(0, Math.min(afterMs, MAX_TIMER_MS)),
        );
        return timer.unref();
      });
      waiters.set(id, { promise, resolve, reject, timers });
      return promise;
    },
    settle: (id, outcome) => leave(id)?.resolve(outcome),
    fail,
  };
}
