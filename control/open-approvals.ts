/**
 * Puts the approval desk together: its rules, the name of this gateway, the journal, and what an earlier run left behind.
 */
import type { Clock } from '../proxy/gate/ports.ts';
import type { NoticePorts } from './api/ports.ts';
import { createApprovalDesk } from './approvals/desk.ts';
import type { ApprovalDesk } from './approvals/desk-contract.ts';
import type { Witnessing } from './approvals/steps.ts';
import type { Settings } from './config/settings.ts';
import { newId } from './identifier.ts';
import type { Log } from './log.ts';
import type { Metrics } from './metrics.ts';
import { openNotices } from './open-notices.ts';
import { openPrivateFile } from './private-file.ts';
import { GATEWAY_ID_FILE } from './state-files.ts';
import type { Store } from './store/store.ts';

/** The desk, and how people are told of what waits there. */
export interface OpenApprovals {
  readonly desk: ApprovalDesk;
  readonly notices: NoticePorts;
  close(): Promise<void>;
}

export interface ApprovalParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly journal: Witnessing;
  readonly emailOf: (subject: string) => string | undefined;
  readonly log: Log;
  readonly metrics: Pick<Metrics, 'noticeDone'>;
  /** Where people reach the HTTP API; known once it listens. */
  readonly apiUrl: () => string;
}

/** Opens the desk; what an earlier run of this gateway left pending is withdrawn, for nobody waits for it any more. */
export async function openApprovals(
  settings: Settings,
  parts: ApprovalParts,
): Promise<OpenApprovals> {
  const { store, clock, journal, emailOf, log } = parts;
  const gateway = openPrivateFile(
    settings.stateDir,
    GATEWAY_ID_FILE,
    newId,
    'what it holds open is then withdrawn by nobody',
  ).trim();
  const desk = createApprovalDesk({
    store,
    clock,
    newId,
    maxPendingPerIdentity: settings.limits.pendingApprovals,
    emailOf,
    gateway,
    journal,
    rules: settings.approvals.rules,
    onAsked: (approval) => notices.notifier.asked(approval),
    onSettled: (approval) => notices.notifier.settled(approval),
  });
  const notices = openNotices(settings, {
    store,
    desk,
    log,
    metrics: parts.metrics,
    apiUrl: parts.apiUrl,
  });
  const abandoned = await desk.withdrawAbandoned();
  if (abandoned > 0)
    log.warn({ requests: abandoned }, 'requests left by an earlier run were withdrawn');
  return {
    desk,
    notices,
    async close() {
      desk.close();
      await notices.notifier.close();
    },
  };
}
