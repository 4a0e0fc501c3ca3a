/** What the routes of the decision service are given. */
import type { ServeAccess } from './access.ts';
import type { AnswerContext } from './answer-document.ts';
import type { DecisionLog } from './decision-log.ts';
import type { ServeMetrics } from './metrics.ts';
import type { DocumentPath } from './parameters.ts';
import type { ServedPolicies } from './served-policies.ts';

export interface ServeLimits {
  /** Bytes of a request, before and after it is unpacked. */
  readonly bodyBytes: number;
  /** Requests that are worked on at once; further ones are refused. */
  readonly inFlight: number;
  /** Milliseconds one evaluation may take. */
  readonly decisionMs: number;
  /** Milliseconds a client has to send a request. */
  readonly requestMs: number;
}

export interface ServePorts {
  readonly policies: ServedPolicies;
  readonly access: ServeAccess;
  readonly limits: ServeLimits;
  readonly metrics: ServeMetrics;
  /** Undefined when decisions are not logged. */
  readonly decisionLog: DecisionLog | undefined;
  /** What `POST /` asks. */
  readonly defaultDecision: DocumentPath;
  /** What Envoy asks. */
  readonly envoyDecision: DocumentPath;
  /** Names the server is asked by; undefined where a token guards it. */
  readonly hosts: readonly string[] | undefined;
  readonly nowMs: () => number;
  readonly newId: () => string;
  readonly onFault: (error: unknown) => void;
}

/** Evaluations of one request: all by the set that decides now. */
export function contextOf({ policies, limits, nowMs }: ServePorts): AnswerContext {
  const steps = DECISION_STEPS;
  return { policySet: policies.policySet, limits: { steps, timeMs: limits.decisionMs }, nowMs };
}

/** Far more than a decision needs. */
const DECISION_STEPS = 10_000_000;
