/**
 * The named limits and intervals of the journal and their defaults.
 */

export interface JournalLimits {
  /** A segment that has reached this many bytes is closed and the next begun. */
  readonly maxSegmentBytes: number;
  /** UTF-8 bytes of one record; a larger one is rejected with `limit/exceeded`. */
  readonly maxRecordBytes: number;
  /** Bytes that are written at once at most. */
  readonly maxGroupBytes: number;
  /** Milliseconds between a write and its fdatasync at most, for records nobody waits for. The promise is 10 ms. */
  readonly syncWithinMs: number;
  /** Milliseconds between two signed heads while records come in. */
  readonly headEveryMs: number;
}

export const DEFAULT_JOURNAL_LIMITS: JournalLimits = {
  maxSegmentBytes: 64 * 1024 * 1024,
  maxRecordBytes: 4 * 1024 * 1024,
  maxGroupBytes: 1024 * 1024,
  // The timer has a grain of 1 ms and the fdatasync itself takes its time.
  syncWithinMs: 6,
  headEveryMs: 1_000,
};
