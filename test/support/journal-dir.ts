/**
 * Journals in directories of their own, with small entries that are easy to tell apart.
 */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SessionClosed } from '../../proxy/gate/record.ts';
import { type Journal, type JournalOptions, openJournal } from '../../proxy/journal/journal.ts';
import { readJournal } from '../../proxy/journal/read.ts';
import { segmentPath } from '../../proxy/journal/segments.ts';
import { type JournalSigner, loadSigner } from '../../proxy/journal/signer.ts';

export interface JournalBench {
  readonly dir: string;
  readonly signer: JournalSigner;
  open(options?: Partial<JournalOptions>): Journal;
  /** A byte-for-byte copy to tamper with. */
  copy(): JournalBench;
  segment(number?: number): Buffer;
  replaceSegment(bytes: Buffer, number?: number): void;
  /** The `actions` numbers of all entries, as read back. */
  numbers(): Promise<number[]>;
  remove(): void;
}

const made: string[] = [];
process.on('exit', () => {
  for (const dir of made) rmSync(dir, { recursive: true, force: true });
});

export function journalBench(): JournalBench {
  const root = mkdtempSync(join(tmpdir(), 'sallyport-journal-'));
  made.push(root);
  return benchAt(root, loadSigner(join(root, 'journal.key')));
}

function benchAt(root: string, signer: JournalSigner): JournalBench {
  const dir = join(root, 'journal');
  return {
    dir,
    signer,
    open: (options = {}) => openJournal(dir, { signer, ...options }),
    copy() {
      const copied = mkdtempSync(join(tmpdir(), 'sallyport-journal-'));
      made.push(copied);
      cpSync(root, copied, { recursive: true });
      return benchAt(copied, signer);
    },
    segment: (number = 1) => readFileSync(segmentPath(dir, number)),
    replaceSegment: (bytes, number = 1) => writeFileSync(segmentPath(dir, number), bytes),
    async numbers() {
      const all: number[] = [];
      for await (const { entry } of readJournal(dir)) {
        if (entry.type === 'session.closed') all.push(entry.actions);
      }
      return all;
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

export function numbered(number: number, cause = 'x'): SessionClosed {
  const at = '2026-11-21T09:44:25.123456789Z';
  return { type: 'session.closed', at, session: `s${number % 3}`, actions: number, rows: 0, cause };
}

/** Appends the numbers, one group each. */
export async function appendEach(journal: Journal, numbers: readonly number[]): Promise<void> {
  for (const number of numbers) await journal.append(numbered(number), 'written');
}
