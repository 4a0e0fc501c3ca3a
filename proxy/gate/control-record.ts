/**
 * What the control plane adds to the journal: every step of a request for approval. Secrets and credentials have no
 * field here.
 */

/** Who took a step: an account, and by which way the answer came. */
export interface StepActor {
  readonly subject: string;
  readonly issuer: string;
  readonly via: 'api' | 'link' | 'slack' | 'gateway';
}

/** One step of a request for approval, in the journal before it takes effect. `control/approvals/replay.ts` reads them back. */
export interface ApprovalStep {
  readonly type: 'approval.step';
  /** RFC 3339, UTC. */
  readonly at: string;
  readonly session: string;
  readonly approval: string;
  readonly step: string;
  /** Undefined for the first step. */
  readonly from: string | undefined;
  readonly to: string;
  /** Undefined where no person took it: a request, an expiry. */
  readonly by: StepActor | undefined;
  readonly note: string | undefined;
  /** Of the grant that the step makes or ends. */
  readonly grant: string | undefined;
  /** Of a first step: what is asked for, and by whom. */
  readonly about:
    | {
        readonly subject: string;
        readonly actors: readonly string[];
        readonly resource: string;
        readonly digest: string;
        readonly code: string;
        readonly revision: string;
        readonly reason: string | undefined;
        readonly expires_at: string;
      }
    | undefined;
}
