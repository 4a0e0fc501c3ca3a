/**
 * The named limits of the gate and their defaults. A limit that is met is a refusal with a code of the family `limit/`, which
 * names it. It must not read configuration; `control` passes what it read.
 */

export interface GateLimits {
  /** Sessions open at once. */
  readonly maxSessions: number;
  /** Actions of one session that are submitted and not yet answered. */
  readonly maxPendingActions: number;
  /** Actions of all sessions that wait for a person. */
  readonly maxHeldActions: number;
  /** Rounds of decide, ask, decide again that one action may take (the policy may be reloaded while it waits). */
  readonly maxApprovalRounds: number;
  /** Milliseconds an action waits for a person at most, whatever the policy says. */
  readonly maxHoldMs: number;
  /** UTF-16 units of one string that the record of an action keeps. */
  readonly maxStoredText: number;
  /** UTF-16 units of all strings that the record of an action keeps. */
  readonly maxStoredInput: number;
}

export const DEFAULT_GATE_LIMITS: GateLimits = {
  maxSessions: 10_000,
  maxPendingActions: 64,
  maxHeldActions: 1_000,
  maxApprovalRounds: 3,
  maxHoldMs: 24 * 60 * 60 * 1000,
  maxStoredText: 64 * 1024,
  maxStoredInput: 256 * 1024,
};
