/**
 * Reads the steps of requests back from journal entries and says what state each came to. What cannot follow is a fault: a step
 * that was left out, added or moved. Several gateways of one store have a journal each: a request is in that of the gateway where
 * it was held, its answers in those where they were given.
 */
import type { ApprovalStep } from '../../proxy/gate/control-record.ts';
import type { JournalEntry } from '../../proxy/gate/record.ts';
import { APPROVAL_STEPS, type ApprovalState, type ApprovalTransition, nextState } from './state.ts';

export interface ReplayedApproval {
  readonly state: ApprovalState;
  readonly steps: readonly ApprovalStep[];
}

export interface Replay {
  readonly approvals: ReadonlyMap<string, ReplayedApproval>;
  /** One sentence each. */
  readonly faults: readonly string[];
}

/** Folds entries in their order; other entries are passed over. */
export function replayApprovals(entries: Iterable<JournalEntry>): Replay {
  const approvals = new Map<string, ReplayedApproval>();
  const faults: string[] = [];
  for (const entry of entries) {
    if (entry.type !== 'approval.step') continue;
    const before = approvals.get(entry.approval);
    const from = before?.state ?? 'none';
    const to = isStep(entry.step) ? nextState(from, entry.step) : undefined;
    if (to === undefined || to !== entry.to || (entry.from ?? 'none') !== from) {
      faults.push(`${entry.approval}: ${entry.step} at ${entry.at} does not follow ${from}`);
      continue;
    }
    approvals.set(entry.approval, { state: to, steps: [...(before?.steps ?? []), entry] });
  }
  return { approvals, faults };
}

function isStep(step: string): step is ApprovalTransition {
  return (APPROVAL_STEPS as readonly string[]).includes(step);
}
