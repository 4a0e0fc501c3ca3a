/**
 * Reads a journal back, while a gateway writes it or after. Every record is checked against its seal and the chain; a
 * fault ends the reading with `journal/damaged`. It must not write.
 */
import { readFile } from 'node:fs/promises';
import { ProxyError } from '../error.ts';
import type { JournalEntry, RecordId } from '../gate/record.ts';
import { GENESIS } from './format.ts';
import { scanSegment } from './scan.ts';
import { listSegments, segmentName, segmentPath } from './segments.ts';

export interface JournalRecord {
  readonly id: RecordId;
  readonly segment: number;
  /** Index in its segment, from 0. */
  readonly index: number;
  readonly entry: JournalEntry;
}

export interface JournalFilter {
  readonly types?: readonly JournalEntry['type'][];
  readonly session?: string;
  /** RFC 3339 bounds on `at`: `since` included, `until` not. */
  readonly since?: string;
  readonly until?: string;
  /** Only records after this one. */
  readonly after?: RecordId;
}

/** Every record that passes the filter, in the order it was written. Throws `ProxyError` `journal/damaged`. */
export async function* readJournal(
  dir: string,
  filter: JournalFilter = {},
): AsyncGenerator<JournalRecord> {
  const segments = listSegments(dir);
  const [afterSegment, afterIndex] = splitId(filter.after);
  let chain: Buffer = GENESIS;
  for (const [at, segment] of segments.entries()) {
    if (segment !== at + 1) throw damaged(dir, `${segmentName(at + 1)} is missing`);
    const scan = scanSegment(await readFile(segmentPath(dir, segment)), segment, chain);
    const isLast = at === segments.length - 1;
    const fault = scan.faults.find((each) => !(isLast && each.kind === 'torn-tail'));
    const safeEnd = fault?.offset ?? Number.POSITIVE_INFINITY;
    for (const group of scan.groups) {
      if (group.end > safeEnd) break;
      for (const [place, frame] of group.records.entries()) {
        const index = group.first + place;
        if (segment < afterSegment || (segment === afterSegment && index <= afterIndex)) continue;
        // INVARIANT: the payload has its CRC, seal and chain, so it is what this program wrote.
        const entry = JSON.parse(frame.payload.toString('utf8')) as JournalEntry;
        if (passes(entry, filter)) yield { id: `${segment}-${index}`, segment, index, entry };
      }
    }
    if (fault !== undefined) {
      const { index, offset, kind, message } = fault;
      const where = `${segmentName(segment)}, record ${index}, byte ${offset}`;
      throw damaged(dir, `${where}: ${message} (${kind})`);
    }
    chain = scan.chain;
  }
}

function passes(entry: JournalEntry, filter: JournalFilter): boolean {
  if (filter.types !== undefined && !filter.types.includes(entry.type)) return false;
  if (filter.session !== undefined) {
    if (!('session' in entry) || entry.session !== filter.session) return false;
  }
  // Timestamps of one form and zone compare as text once their fractions are of one length; the clock's has nine digits.
  const at = Date.parse(entry.at);
  if (filter.since !== undefined && at < Date.parse(filter.since)) return false;
  return filter.until === undefined || at < Date.parse(filter.until);
}

function splitId(id: RecordId | undefined): readonly [number, number] {
  const [segment, index] = (id ?? '0-0').split('-').map(Number);
  return [segment ?? 0, index ?? 0];
}

function damaged(dir: string, what: string): ProxyError {
  return new ProxyError('journal/damaged', `the journal in \`${dir}\` is damaged: ${what}`, {
    hint: 'Run `sallyport verify` for every fault.',
  });
}
