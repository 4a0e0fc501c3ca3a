/** What decides, and what it is made with. */
import type { Decision } from './contract/decision.ts';
import type { PolicyInput } from './contract/input.ts';
import type { EngineName } from './evaluate.ts';
import type { EvaluationError } from './run/failure.ts';
import type { Limits, MonotonicClock } from './run/limits.ts';
import type { Value } from './value/value.ts';

/** Limits of one decision: far more than a policy needs, far less than a client would wait. */
export const DECISION_LIMITS: Partial<Limits> = { steps: 2_000_000, timeMs: 1_000 };

export interface DeciderOptions {
  /** The base document instead of that of the policy set. */
  readonly data?: Value;
  readonly limits?: Partial<Limits>;
  readonly clock?: MonotonicClock;
  /** Receives what policies print; with it the reference interpreter decides. */
  readonly print?: (line: string) => void;
  /** Receives the errors behind `policy-error` reasons, for logs. */
  readonly onError?: (error: EvaluationError) => void;
  /** `compiled` (the default) or the reference; both decide the same. */
  readonly engine?: EngineName;
}

export interface Decider {
  readonly revision: string;
  /** What the packages say about an action; a package is named as in its text, `access` or `team.guardrails`. */
  decide(policies: readonly string[], input: PolicyInput): Decision;
}
