/**
 * Notices that could not be delivered. What they said is not kept, for it may hold links and statements: it is written anew when a
 * letter is tried again. Times are milliseconds since the epoch.
 */

/** Dead letters that are kept; the oldest go first. */
export const MAX_DEAD_LETTERS = 10_000;

export interface DeadLetter {
  readonly id: string;
  /** Name of the channel. */
  readonly channel: string;
  readonly event: 'asked' | 'settled';
  readonly approval: string;
  /** Subject of the one person it was for, where it was for one. */
  readonly recipient: string | undefined;
  readonly attempts: number;
  /** Why the last try failed, in a few words. */
  readonly error: string;
  readonly atMs: number;
}

export interface DeadLetterStore {
  keepDeadLetter(letter: DeadLetter): Promise<void>;
  /** Newest first. */
  listDeadLetters(limit: number): Promise<readonly DeadLetter[]>;
  /** Takes it out: of two that take one letter at once, one gets it. */
  takeDeadLetter(id: string): Promise<DeadLetter | undefined>;
}
