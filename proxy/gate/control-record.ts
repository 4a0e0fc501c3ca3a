/**
 * What the control plane adds to the journal: every step of a request for approval, and what an operator does. Secrets and
 * credentials have no field here.
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

/** What somebody did to a sealed secret of the store. */
export interface SecretEvent {
  readonly type: 'secret.set' | 'secret.removed' | 'secret.rekeyed';
  readonly at: string;
  /** Who did it. */
  readonly by: string;
  /** Name of the secret; of a `secret.rekeyed` the id of the key. */
  readonly about: string;
  /** One clause for people. */
  readonly detail: string;
}

/** Somebody ended a live session. `session.closed` follows. */
export interface SessionEnded {
  readonly type: 'session.ended';
  readonly at: string;
  readonly session: string;
  readonly by: string;
  readonly reason: string | undefined;
}

/** Somebody called the gateway's own API with a token, whether they were let or not. Written before the call is answered. */
export interface ApiCalled {
  readonly type: 'api.called';
  readonly at: string;
  readonly call: string;
  readonly operation: string;
  readonly method: string;
  /** Without its query. */
  readonly path: string;
  readonly object: { readonly kind: string; readonly id: string } | undefined;
  readonly by: {
    readonly subject: string;
    readonly issuer: string;
    /** Id of the token. */
    readonly credential: string;
    readonly on_behalf_of: string | undefined;
    readonly actors: readonly string[];
  };
  readonly client: { readonly ip: string; readonly application: string };
  /** Code of the refusal; undefined where it was allowed. */
  readonly refused: string | undefined;
  /** Of the policies that decided. */
  readonly revision: string;
}
