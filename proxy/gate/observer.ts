/**
 * What the gate tells whoever counts: metrics and logs. It carries no text of an action, no credential and no personal name.
 * The gate goes on when an observer throws.
 */
import type { ActionClass, ActionKind } from '../../engine/contract/input.ts';

export interface GateObserver {
  sessionOpened(): void;
  /** `code` is the refusal's code. */
  sessionRefused(code: string): void;
  sessionClosed(): void;
  /** One action has its final verdict; `code` is empty for `allow`, `decisionNs` is the time all its decisions took. */
  actionDecided(fact: {
    readonly kind: ActionKind;
    readonly class: ActionClass;
    readonly verdict: 'allow' | 'block';
    readonly code: string;
    readonly masks: number;
    readonly decisionNs: number;
  }): void;
  actionHeld(kind: ActionKind): void;
  actionFinished(status: 'ok' | 'error' | 'aborted', rows: number, bytes: number): void;
  /** A fault inside a port or the gate itself: the action was blocked. To be logged loudly. */
  fault(error: unknown): void;
}

/** Ignores everything. */
export const SILENT_OBSERVER: GateObserver = {
  sessionOpened: () => {},
  sessionRefused: () => {},
  sessionClosed: () => {},
  actionDecided: () => {},
  actionHeld: () => {},
  actionFinished: () => {},
  fault: () => {},
};

/** The same observer, behind a wall: what it throws goes no further. */
export function shieldObserver(observer: GateObserver): GateObserver {
  const shield =
    <A extends unknown[]>(call: (...facts: A) => void) =>
    (...facts: A): void => {
      try {
        call(...facts);
      } catch {
        // Counting must never decide: an observer that fails has lost its own numbers, nothing else.
      }
    };
  return {
    sessionOpened: shield(() => observer.sessionOpened()),
    sessionRefused: shield((code: string) => observer.sessionRefused(code)),
    sessionClosed: shield(() => observer.sessionClosed()),
    actionDecided: shield((fact: Parameters<GateObserver['actionDecided']>[0]) =>
      observer.actionDecided(fact),
    ),
    actionHeld: shield((kind: ActionKind) => observer.actionHeld(kind)),
    actionFinished: shield((status: 'ok' | 'error' | 'aborted', rows: number, bytes: number) =>
      observer.actionFinished(status, rows, bytes),
    ),
    fault: shield((error: unknown) => observer.fault(error)),
  };
}
