/**
 * What the API and `sallyport sessions` list: one line for each session, folded from journal entries in their order. Bounded; the
 * oldest ended session is forgotten first. The journal stays the truth, this is a view of it.
 */
import type { JournalEntry } from '../../proxy/gate/record.ts';

/** Sessions kept in the view. */
export const MAX_SESSIONS = 10_000;

export interface SessionSummary {
  readonly id: string;
  readonly subject: string;
  readonly name: string;
  readonly kind: 'human' | 'agent' | 'service';
  readonly actors: readonly string[];
  readonly on_behalf_of: string | undefined;
  readonly resource: string;
  readonly client: { readonly ip: string; readonly application: string };
  readonly started_at: string;
  /** Undefined while it is open, and for a session whose gateway was killed. */
  readonly ended_at: string | undefined;
  readonly cause: string | undefined;
  readonly actions: number;
  readonly blocked: number;
  readonly held: number;
  readonly rows: number;
  readonly masked: number;
}

export interface SessionIndex {
  note(entry: JournalEntry): void;
  /** Newest first. */
  list(): readonly SessionSummary[];
  find(id: string): SessionSummary | undefined;
}

export function createSessionIndex(limit: number = MAX_SESSIONS): SessionIndex {
  const sessions = new Map<string, SessionSummary>();

  function open(entry: Extract<JournalEntry, { type: 'session.opened' }>): void {
    if (sessions.size >= limit) {
      const ended = [...sessions.values()].find((session) => session.ended_at !== undefined);
      const oldest = ended?.id ?? sessions.keys().next().value;
      if (oldest !== undefined) sessions.delete(oldest);
    }
    const { identity, client } = entry;
    sessions.set(entry.session, {
      id: entry.session,
      subject: identity.subject,
      name: identity.name,
      kind: identity.kind,
      actors: identity.actors,
      on_behalf_of: identity.on_behalf_of?.subject,
      resource: entry.resource.name,
      client: { ip: client.ip, application: client.application },
      started_at: entry.at,
      ended_at: undefined,
      cause: undefined,
      actions: 0,
      blocked: 0,
      held: 0,
      rows: 0,
      masked: 0,
    });
  }

  return {
    note(entry) {
      if (entry.type === 'session.opened') return open(entry);
      if (!('session' in entry)) return;
      const session = sessions.get(entry.session);
      if (session !== undefined) sessions.set(entry.session, fold(session, entry));
    },
    list: () => [...sessions.values()].reverse(),
    find: (id) => sessions.get(id),
  };
}

function fold(session: SessionSummary, entry: JournalEntry): SessionSummary {
  switch (entry.type) {
    case 'action.decided':
      return {
        ...session,
        // A held action is recorded when it is held and again when it is decided, under one number.
        actions: Math.max(session.actions, entry.action),
        blocked: session.blocked + (entry.verdict === 'block' ? 1 : 0),
        held: session.held + (entry.verdict === 'hold' ? 1 : 0),
      };
    case 'action.finished':
      return {
        ...session,
        rows: session.rows + entry.outcome.rows,
        masked:
          session.masked +
          Object.values(entry.outcome.masked).reduce((all, count) => all + count, 0),
      };
    case 'session.closed':
      return { ...session, ended_at: entry.at, cause: entry.cause };
    default:
      return session;
  }
}
