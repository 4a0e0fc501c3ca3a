/**
 * The way of notices to one channel: a bounded queue, a few at once, tried again with growing waits, and given up after a number of
 * tries. Lanes share nothing, so that a dead endpoint holds up no other; nothing here is ever waited for by a decision.
 */
import { DeliveryFailure } from './channel.ts';

/** Notices that wait in one lane, those between two tries included. */
export const MAX_WAITING = 1_000;
const CONCURRENCY = 4;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 300_000;

export interface Job {
  readonly id: string;
  send(signal: AbortSignal): Promise<void>;
  /** Asked before a further try: true when nobody needs it any more. */
  isMoot(): Promise<boolean>;
}

export type JobOutcome =
  | { readonly kind: 'delivered' | 'moot' }
  | { readonly kind: 'dead'; readonly attempts: number; readonly error: string };

export interface LaneOptions<J extends Job> {
  readonly attempts: number;
  /** From 0 up to 1. */
  readonly random: () => number;
  /** Calls back after a time; the returned function takes it back. */
  readonly schedule: (afterMs: number, wake: () => void) => () => void;
  /** Told once for each job. Must not reject. */
  readonly onDone: (job: J, outcome: JobOutcome) => Promise<void>;
}

export interface Lane<J extends Job> {
  /** Takes a job; a lane that is full gives it up at once. */
  offer(job: J): void;
  /** Jobs that are not done. */
  readonly size: number;
  /** Gives up what is left; resolves when everything is told. */
  close(): Promise<void>;
}

/** Half of the wait is certain, half is chance: those who failed together do not come back together. */
export function waitBefore(tries: number, random: number, asked = 0): number {
  const full = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (tries - 1));
  return Math.min(LONGEST_WAIT_MS, Math.max(asked, full / 2 + (full / 2) * random));
}

export function createLane<J extends Job>(options: LaneOptions<J>): Lane<J> {
  const { attempts, random, schedule, onDone } = options;
  interface Entry {
    readonly job: J;
    tries: number;
    error: string;
  }
  const ready: Entry[] = [];
  const resting = new Map<Entry, () => void>();
  const running = new Set<Promise<void>>();
  const stop = new AbortController();

  const giveUp = (entry: Entry): Promise<void> =>
    onDone(entry.job, { kind: 'dead', attempts: entry.tries, error: entry.error });

  async function tryOnce(entry: Entry): Promise<void> {
    try {
      if (entry.tries > 0 && (await entry.job.isMoot())) {
        await onDone(entry.job, { kind: 'moot' });
        return;
      }
      entry.tries += 1;
      await entry.job.send(stop.signal);
    } catch (error) {
      const failure = error instanceof DeliveryFailure ? error : undefined;
      entry.error = failure?.message ?? 'a fault inside the gateway';
      const isOver = failure?.isFinal === true || entry.tries >= attempts || stop.signal.aborted;
      if (isOver) await giveUp(entry);
      else rest(entry, waitBefore(entry.tries, random(), failure?.retryAfterMs));
      return;
    }
    await onDone(entry.job, { kind: 'delivered' });
  }

  function rest(entry: Entry, afterMs: number): void {
    const cancel = schedule(afterMs, () => {
      resting.delete(entry);
      ready.push(entry);
      pump();
    });
    resting.set(entry, cancel);
  }

  function pump(): void {
    while (running.size < CONCURRENCY && !stop.signal.aborted) {
      const entry = ready.shift();
      if (entry === undefined) return;
      const run = tryOnce(entry).finally(() => {
        running.delete(run);
        pump();
      });
      running.add(run);
    }
  }

  return {
    get size() {
      return ready.length + resting.size + running.size;
    },
    offer(job) {
      const entry: Entry = { job, tries: 0, error: 'too many notices wait' };
      if (stop.signal.aborted || this.size >= MAX_WAITING) void giveUp(entry);
      else {
        ready.push(entry);
        pump();
      }
    },
    async close() {
      stop.abort();
      for (const cancel of resting.values()) cancel();
      const left = [...ready.splice(0), ...resting.keys()];
      resting.clear();
      await Promise.all(running);
      for (const entry of left) {
        entry.error = entry.tries === 0 ? 'the gateway stopped' : entry.error;
        await giveUp(entry);
      }
    },
  };
}
