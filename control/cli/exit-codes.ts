/**
 * What the exit code of every command means.
 */
export const EXIT = {
  /** Done. */
  ok: 0,
  /** Done, and there is something to look at: diagnostics, a refused action, a damaged journal. */
  findings: 1,
  /** The command line or the configuration is not right. */
  usage: 2,
  /** It could not be done: a fault of the program, the machine or the gateway. */
  internal: 3,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
