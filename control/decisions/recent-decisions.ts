/**
 * The newest decisions for the API: one line for each, folded from journal entries as they are written. Bounded; the oldest is
 * forgotten first. The journal stays the truth, this is a view of it.
 */
import type { ActionClass, ActionKind } from '../../engine/contract/input.ts';
import type { ActionDecided, JournalEntry } from '../../proxy/gate/record.ts';
import type { SessionSummary } from '../sessions/session-index.ts';

/** Decisions kept in the view. */
export const MAX_DECISIONS = 10_000;
/** Characters of an action's text that a line has. */
const MAX_TEXT = 300;

export interface DecisionSummary {
  /** RFC 3339, UTC. */
  readonly at: string;
  readonly session: string;
  /** Number of the action in its session. */
  readonly action: number;
  readonly verdict: ActionDecided['verdict'];
  readonly subject: string;
  readonly on_behalf_of: string | undefined;
  readonly actors: readonly string[];
  readonly resource: string;
  readonly kind: ActionKind;
  readonly verb: string;
  readonly class: ActionClass;
  /** What the client sent, cut to one line. */
  readonly text: string;
  readonly codes: readonly string[];
  readonly masks: readonly string[];
  /** Of the policies that decided. */
  readonly revision: string;
}

export interface RecentDecisions {
  note(entry: JournalEntry): void;
  /** Newest first. */
  list(): Iterable<DecisionSummary>;
}

/** A view that looks sessions up where they are indexed. */
export function createRecentDecisions(
  findSession: (id: string) => SessionSummary | undefined,
  limit: number = MAX_DECISIONS,
): RecentDecisions {
  // A ring: the next place to write is the oldest decision once it is full.
  const kept: DecisionSummary[] = [];
  let next = 0;
  return {
    note(entry) {
      if (entry.type !== 'action.decided') return;
      kept[next] = summarise(entry, findSession(entry.session));
      next = (next + 1) % limit;
    },
    *list() {
      for (let back = 1; back <= kept.length; back += 1) {
        const found = kept[(next - back + limit) % limit];
        if (found !== undefined) yield found;
      }
    },
  };
}

function summarise(entry: ActionDecided, session: SessionSummary | undefined): DecisionSummary {
  const { input, decision } = entry;
  return {
    at: entry.at,
    session: entry.session,
    action: entry.action,
    verdict: entry.verdict,
    subject: session?.subject ?? '',
    on_behalf_of: session?.on_behalf_of,
    actors: session?.actors ?? [],
    resource: session?.resource ?? '',
    kind: input.kind,
    verb: input.verb,
    class: input.class,
    text: (input.text ?? input.verb).slice(0, MAX_TEXT).replace(/\s+/g, ' '),
    codes: decision.reasons.map(({ code }) => code),
    masks: decision.masks.map(({ code }) => code),
    revision: decision.revision,
  };
}
