/**
 * Ends sessions when what they stand on is taken back, at whichever gateway of the store that was: a token is revoked, or a grant
 * under which something was executed.
 */
import type { RunningGate } from '../proxy/gate/pipeline.ts';
import { refuse } from '../proxy/gate/refusal.ts';
import { credentialIdsOf } from './identity/claims.ts';
import type { RevocationView } from './identity/revocations.ts';
import type { ApprovalStore } from './store/approvals/approval-store.ts';
import type { ChangeFeed } from './store/changes/change-feed.ts';
import type { GrantStore } from './store/grants/grant-store.ts';

const TOKEN_REVOKED = refuse('unauthenticated', 'identity/revoked', 'the token was revoked');
const GRANT_REVOKED = refuse(
  'blocked',
  'approval/revoked',
  'an approval this session acted under was revoked',
  { hint: 'reconnect and ask again' },
);

export interface WatchedStore
  extends Pick<ApprovalStore, 'findApproval' | 'listApprovals'>,
    Pick<GrantStore, 'findGrantOf'>,
    ChangeFeed {}

/** Revoked requests that are looked at when the store was out of reach for a while. */
const MAX_MISSED = 1000;

/** Ends the sessions that rest on a token or consent: opened with it, or with what was made from it. */
export function endSessionsOf(
  id: string,
  gate: Pick<RunningGate, 'sessions' | 'endSession'>,
): void {
  for (const session of gate.sessions.values())
    if (credentialIdsOf(session.permit.identity).includes(id))
      gate.endSession(session.id, TOKEN_REVOKED);
}

/** Watches until the returned function is called. `onFault` hears of a change that could not be looked up. */
export function watchStore(
  store: WatchedStore,
  gate: Pick<RunningGate, 'endUsersOf'>,
  tokens: Pick<RevocationView, 'note' | 'refresh'>,
  onFault: (error: unknown) => void,
): () => void {
  async function endGrantOf(approval: string): Promise<void> {
    if ((await store.findApproval(approval))?.state !== 'revoked') return;
    const grant = await store.findGrantOf(approval);
    if (grant !== undefined) gate.endUsersOf(grant.id, GRANT_REVOKED);
  }

  async function lookAtAll(): Promise<void> {
    await tokens.refresh();
    const revoked = await store.listApprovals({ states: ['revoked'], limit: MAX_MISSED });
    for (const { id } of revoked) await endGrantOf(id);
  }

  return store.watch((change) => {
    if (change.kind === 'secret') return;
    if (change.kind === 'token') tokens.note(change.id);
    else (change.kind === 'approval' ? endGrantOf(change.id) : lookAtAll()).catch(onFault);
  });
}
