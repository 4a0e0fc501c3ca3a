/**
 * The offline verifier: reads every byte of a journal and names every fault. It needs no lock and no private key. Without a
 * public key it can only say that the journal is consistent with itself, not who wrote it.
 */
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { GENESIS, signedState } from './format.ts';
import { type Head, isHeadSignedBy, readHead } from './head.ts';
import { chainAt } from './recover.ts';
import { type JournalFault, type SegmentScan, scanSegment } from './scan.ts';
import { listSegments, segmentName, segmentPath } from './segments.ts';
import { isSignedBy } from './signer.ts';

/** A running gateway's last write may be seen half done; a second look after this long tells it from a torn one. */
const SECOND_LOOK_MS = 50;
/** Faults that are listed; the report says when there were more. */
const MAX_FAULTS = 1_000;

export interface VerifyReport {
  readonly ok: boolean;
  readonly segments: number;
  readonly records: number;
  readonly faults: readonly JournalFault[];
  /** True when there were more faults than are listed. */
  readonly isCut: boolean;
  /** Whether signatures were checked: a public key was given. */
  readonly isSigned: boolean;
}

/** Verifies the journal in `dir`; `publicKey` is the PEM beside the journal's key. Rejects only when files cannot be read. */
export async function verifyJournal(
  dir: string,
  options: { readonly publicKey?: string } = {},
): Promise<VerifyReport> {
  const { publicKey } = options;
  // INVARIANT: the head is read before the segments, so that a running gateway can only have more than it says.
  const head = readHead(dir);
  const present = listSegments(dir);
  const last = present.at(-1) ?? 0;
  const faults: JournalFault[] = [];
  let chain: Buffer = GENESIS;
  let records = 0;
  let headScan: SegmentScan | undefined;
  for (let segment = 1; segment <= last; segment += 1) {
    if (!present.includes(segment)) {
      faults.push(missing(segment));
      continue;
    }
    const scan = await scanFile(
      dir,
      segment,
      present.includes(segment - 1) || segment === 1 ? chain : undefined,
    );
    faults.push(...scan.faults);
    if (segment < last) checkTrailer(segment, scan, publicKey, faults);
    chain = scan.chain;
    records += scan.records;
    if (typeof head !== 'string' && head.segment === segment) headScan = scan;
  }
  checkHead(head, headScan, last, records, publicKey, faults);
  return {
    ok: faults.length === 0,
    segments: present.length,
    records,
    faults: faults.slice(0, MAX_FAULTS),
    isCut: faults.length > MAX_FAULTS,
    isSigned: publicKey !== undefined,
  };
}

async function scanFile(
  dir: string,
  segment: number,
  before: Buffer | undefined,
): Promise<SegmentScan> {
  const path = segmentPath(dir, segment);
  const scan = (bytes: Buffer): SegmentScan =>
    // After a missing segment the chain is taken from the header: one fault is reported once.
    scanSegment(bytes, segment, before ?? Buffer.from(bytes.subarray(12, 44)));
  const first = scan(await readFile(path));
  if (!first.faults.some((fault) => fault.kind === 'torn-tail')) return first;
  await delay(SECOND_LOOK_MS);
  return scan(await readFile(path));
}

function checkTrailer(
  segment: number,
  scan: SegmentScan,
  publicKey: string | undefined,
  faults: JournalFault[],
): void {
  const at = { segment, index: scan.records, offset: scan.sealedEnd };
  const { trailer } = scan;
  if (trailer === undefined) {
    faults.push({ ...at, kind: 'missing-trailer', message: 'the segment is cut short' });
    return;
  }
  if (publicKey === undefined) return;
  const state = { segment, records: trailer.records, chain: trailer.chain };
  if (!isSignedBy(publicKey, signedState('trailer', state), trailer.signature)) {
    faults.push({
      ...at,
      kind: 'bad-signature',
      message: 'the trailer is not signed with this key',
    });
  }
}

function checkHead(
  head: Head | 'missing' | 'damaged',
  scan: SegmentScan | undefined,
  last: number,
  records: number,
  publicKey: string | undefined,
  faults: JournalFault[],
): void {
  if (typeof head === 'string') {
    if (head === 'missing' && records === 0 && last <= 1) return;
    const message = head === 'missing' ? 'the signed head is missing' : 'the head cannot be read';
    faults.push({ segment: last, index: -1, offset: 0, kind: 'bad-head', message });
    return;
  }
  const { segment, records: index, offset } = head;
  if (publicKey !== undefined && !isHeadSignedBy(head, publicKey)) {
    const message = 'the head is not signed with this key';
    faults.push({ segment, index: -1, offset: 0, kind: 'bad-signature', message });
    return;
  }
  if (segment > last) {
    for (let gone = last + 1; gone <= segment; gone += 1) faults.push(missing(gone));
    return;
  }
  if (
    scan === undefined ||
    faults.some(
      (fault) => fault.segment === segment && fault.offset < offset && fault.kind !== 'torn-tail',
    )
  ) {
    return;
  }
  if (chainAt(scan, offset)?.equals(head.chain) === true) return;
  if (scan.sealedEnd < offset) {
    const message = `the signed head vouches for ${index} records, ${scan.records} are there`;
    faults.push({
      segment,
      index: scan.records,
      offset: scan.sealedEnd,
      kind: 'truncated',
      message,
    });
  } else {
    const message = `records 0 to ${index - 1} are not those the signed head vouches for`;
    faults.push({ segment, index: 0, offset, kind: 'edited', message });
  }
}

function missing(segment: number): JournalFault {
  const message = `${segmentName(segment)} is missing`;
  return { segment, index: -1, offset: 0, kind: 'missing-segment', message };
}
