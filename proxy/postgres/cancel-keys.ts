/**
 * The process ids and keys handed to clients. They are the gateway's own: a client never learns the target's, so a cancel must
 * come this way, and it reaches only the session that was given the key.
 */
import { timingSafeEqual } from 'node:crypto';

export interface CancelKey {
  readonly processId: number;
  readonly key: Buffer;
}

export interface CancelKeys {
  /** A key that is in force until `release`; 4 bytes for protocol 3.0, 32 from 3.2 on. */
  issue(minor: number, cancel: () => void): CancelKey & { release(): void };
  /** True when the key was right and its session was told. */
  cancel(processId: number, key: Buffer): boolean;
}

/** Wrong keys for one process id before its key stops being honoured: four bytes must not be guessed. */
const MAX_WRONG_KEYS = 100;
const SHORT_KEY_BYTES = 4;
const LONG_KEY_BYTES = 32;

/** `random` gives that many unguessable bytes. */
export function createCancelKeys(random: (bytes: number) => Buffer): CancelKeys {
  const held = new Map<
    number,
    { readonly key: Buffer; readonly cancel: () => void; wrong: number }
  >();
  return {
    issue(minor, cancel) {
      let processId = 0;
      while (processId === 0 || held.has(processId)) processId = random(4).readUInt32BE() >>> 1;
      const key = random(minor >= 2 ? LONG_KEY_BYTES : SHORT_KEY_BYTES);
      held.set(processId, { key, cancel, wrong: 0 });
      return { processId, key, release: () => void held.delete(processId) };
    },
    cancel(processId, key) {
      const entry = held.get(processId);
      if (entry === undefined || entry.wrong >= MAX_WRONG_KEYS) return false;
      if (key.length !== entry.key.length || !timingSafeEqual(key, entry.key)) {
        entry.wrong += 1;
        return false;
      }
      entry.cancel();
      return true;
    },
  };
}
