/**
 * Ends one live session because somebody asked for it. That it was asked for is recorded; the end does not wait for a journal that
 * cannot be written.
 */
import type { IdentityInput } from '../../engine/contract/input.ts';
import type { RunningGate } from '../../proxy/gate/pipeline.ts';
import type { JournalPort } from '../../proxy/gate/ports.ts';
import { refuse } from '../../proxy/gate/refusal.ts';

export interface SessionEnderOptions {
  readonly gate: Pick<RunningGate, 'sessions' | 'endSession'>;
  readonly journal: JournalPort['append'];
  /** RFC 3339. */
  readonly nowIso: () => string;
  readonly onFault: (error: unknown) => void;
}

/** Ends a session at once; false when it is not open at this gateway. */
export type EndSession = (
  id: string,
  by: Pick<IdentityInput, 'subject'>,
  reason: string | undefined,
) => Promise<boolean>;

export function createSessionEnder(options: SessionEnderOptions): EndSession {
  const { gate, journal, nowIso, onFault } = options;
  return async (session, by, reason) => {
    if (!gate.sessions.has(session)) return false;
    const entry = { type: 'session.ended', at: nowIso(), session, by: by.subject, reason } as const;
    await journal(entry, 'synced').catch(onFault);
    return gate.endSession(
      session,
      refuse('unavailable', 'session/ended-by', `the session was ended by ${by.subject}`, {
        hint: reason ?? 'Ask them before you reconnect.',
      }),
    );
  };
}
