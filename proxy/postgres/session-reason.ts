/**
 * The reason a connection gives by `SET sallyport.reason`: the last one that was said. It must not decide; whether the change was
 * undone by a rollback is not followed, for it is a remark and nothing hangs on it.
 */
import { REASON_SETTING, readClientReason } from '../gate/client-reason.ts';
import type { AnalysedStatement } from '../sql/facts.ts';

export interface SessionReason {
  /** The reason for these statements, what they say themselves included; undefined leaves that of the start-up packet. */
  for(statements: readonly AnalysedStatement[]): string | undefined;
  /** They were let through: what they said goes for those after them. */
  note(statements: readonly AnalysedStatement[]): void;
}

export function createSessionReason(): SessionReason {
  let reason: string | undefined;
  const after = (statements: readonly AnalysedStatement[]): string | undefined => {
    let latest = reason;
    for (const { statement } of statements) {
      // RESET ALL and DISCARD name no setting, and change every one.
      const resetsAll = statement.verb === 'RESET' || statement.verb === 'DISCARD';
      if (resetsAll && statement.settings.length === 0) latest = undefined;
      for (const { name, value } of statement.settings)
        if (name.toLowerCase() === REASON_SETTING) latest = readClientReason(value);
    }
    return latest;
  };
  return {
    for: after,
    note(statements) {
      reason = after(statements);
    },
  };
}
