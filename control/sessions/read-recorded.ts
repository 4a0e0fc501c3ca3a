/**
 * Reads the journal of a gateway that may never have run: then there is nothing, which is no fault.
 */
import { existsSync } from 'node:fs';
import type { JournalEntry } from '../../proxy/gate/record.ts';
import { type JournalFilter, type JournalRecord, readJournal } from '../../proxy/journal/read.ts';

export async function* readRecorded(
  dir: string,
  filter: JournalFilter = {},
): AsyncGenerator<JournalRecord> {
  if (existsSync(dir)) yield* readJournal(dir, filter);
}

/** Entries of one session, in their order. */
export async function readSession(
  dir: string,
  session: string,
  limit: number,
): Promise<readonly JournalEntry[]> {
  const entries: JournalEntry[] = [];
  for await (const record of readJournal(dir, { session })) {
    entries.push(record.entry);
    if (entries.length >= limit) break;
  }
  return entries;
}
