/**
 * Reads the journal of a gateway that may never have run: then there is nothing, which is no fault.
 */
import { existsSync } from 'node:fs';
import { type JournalFilter, type JournalRecord, readJournal } from '../../proxy/journal/read.ts';

export async function* readRecorded(
  dir: string,
  filter: JournalFilter = {},
): AsyncGenerator<JournalRecord> {
  if (existsSync(dir)) yield* readJournal(dir, filter);
}
