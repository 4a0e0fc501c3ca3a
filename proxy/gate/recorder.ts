/**
 * The gate's hand on the journal. A record that cannot be written stops the gate: no record, no access. It must not decide
 * anything else.
 */
import { ProxyError } from '../error.ts';
import type { Durability, JournalPort } from './ports.ts';
import type { JournalEntry } from './record.ts';
import { type Refusal, refuse } from './refusal.ts';

export interface Recorder {
  /** Resolves to undefined when the entry has reached its durability, to a refusal when it has not. Never rejects. */
  record(entry: JournalEntry, durability: Durability): Promise<Refusal | undefined>;
  /** Why nothing is admitted any more. */
  readonly stopped: Refusal | undefined;
  /** Stops recording and with it the gate; the first cause stays. */
  stop(cause: Refusal): void;
}

/** `onStop` is called once, with the cause; `onFault` with what the journal threw. */
export function createRecorder(
  journal: JournalPort,
  onStop: (cause: Refusal) => void,
  onFault: (error: unknown) => void,
): Recorder {
  let stopped: Refusal | undefined;
  const stop = (cause: Refusal): void => {
    if (stopped !== undefined) return;
    stopped = cause;
    onStop(cause);
  };
  const recorded = (): undefined => undefined;
  const failed = (error: unknown): Refusal => {
    onFault(error);
    if (error instanceof ProxyError && error.code === 'limit/exceeded') {
      return refuse('limit', 'limit/record', 'the record of this action would be too large');
    }
    const cause = refuse(
      'unavailable',
      'journal/unavailable',
      'the journal cannot be written, so nothing is let through',
      { hint: 'Ask the operator of the gateway to look at its journal directory and log.' },
    );
    stop(cause);
    return cause;
  };
  return {
    get stopped() {
      return stopped;
    },
    stop,
    record(entry, durability) {
      if (stopped !== undefined) return Promise.resolve(stopped);
      try {
        return journal.append(entry, durability).then(recorded, failed);
      } catch (error) {
        return Promise.resolve(failed(error));
      }
    },
  };
}
