/** A session and its gate, as they know each other. */
import type { FixedCopies } from './fixed-copies.ts';
import type { GateSession } from './gate.ts';
import type { GateLimits } from './limits.ts';
import type { GateObserver } from './observer.ts';
import type { GatePorts } from './ports.ts';
import type { Recorder } from './recorder.ts';
import type { Refusal } from './refusal.ts';

/** What a session shares with its gate. */
export interface SessionHost {
  readonly ports: GatePorts;
  readonly limits: GateLimits;
  readonly observer: GateObserver;
  readonly recorder: Recorder;
  readonly chainMayApprove: boolean;
  readonly fixed: FixedCopies;
  /** Takes one of the gate's places for held actions; false when none is left. */
  takeHold(): boolean;
  giveHold(): void;
  onClosed(id: string): void;
}

/** A session as its gate sees it. */
export interface HostedSession extends GateSession {
  /** Ends it at once; it closes itself when its protocol does not. */
  end(cause: Refusal): void;
  /** Whether something was, or is about to be, executed under this grant. */
  hasUsed(grant: string): boolean;
  /** Settles when it is closed. */
  readonly done: Promise<void>;
}
