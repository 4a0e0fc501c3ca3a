/** What decides, and what it is made with. */
import type { Decision } from './contract/decision.ts';
import type { PolicyInput } from './contract/input.ts';
import type { EngineName } from './evaluate.ts';
import type { EvaluationError } from './run/failure.ts';
import type { Limits, MemoryGauge, MonotonicClock } from './run/limits.ts';
import type { Value } from './value/value.ts';

/** Limits of one decision: far more than a policy needs, far less than a client would wait. */
export const DECISION_LIMITS: Partial<Limits> = {
  steps: 2_000_000,
  timeMs: 1_000,
  memoryMb: 256,
};

/** Decisions that the reference interpreter makes instead of code: the same decisions, many times slower. */
export interface Interpreted {
  readonly code: /** The packages hold something that is never compiled. */
    | 'interpreted/no-plan'
    /** Base data stand where a rule of the decision is looked for. */
    | 'interpreted/data-in-place'
    /** More lists of packages than are compiled. */
    | 'interpreted/too-many-lists'
    /** Code asks rules together: one failed with an error that the interpreter, which stops where one holds, does not come to. */
    | 'interpreted/error-behind'
    /** A fault of this program: compiling failed. */
    | 'interpreted/compile-failed'
    /** A fault of this program: the code failed where the interpreter did not. */
    | 'interpreted/code-failed';
  readonly policies: readonly string[];
  /** One clause. */
  readonly message: string;
}

export interface DeciderOptions {
  /** The base document instead of that of the policy set. */
  readonly data?: Value;
  readonly limits?: Partial<Limits>;
  readonly clock?: MonotonicClock;
  readonly gauge?: MemoryGauge;
  /** Receives what policies print; with it the reference interpreter decides. */
  readonly print?: (line: string) => void;
  /** Receives the errors behind `policy-error` reasons, for logs. */
  readonly onError?: (error: EvaluationError) => void;
  /** Told once for each list of packages that the interpreter decides; a warning of the process when left out. */
  readonly onInterpreted?: (told: Interpreted) => void;
  /** `compiled` (the default) or the reference; both decide the same. */
  readonly engine?: EngineName;
}

export interface Decider {
  readonly revision: string;
  /** What the packages say about an action; a package is named as in its text, `access` or `team.guardrails`. */
  decide(policies: readonly string[], input: PolicyInput): Decision;
  /** Makes now what the first decision by these packages would wait for: its code, and indexes of the data it looks up. */
  prepare?(policies: readonly string[]): void;
}
