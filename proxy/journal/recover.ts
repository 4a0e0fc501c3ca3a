/**
 * What a journal directory holds when the gateway starts. A tail that was being written when the process died is moved aside
 * and the journal goes on; any other fault is a refusal to start that names the record. It must not repair: what is damaged
 * is evidence.
 */
import {
  closeSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  readSync,
  statSync,
} from 'node:fs';
import { ProxyError } from '../error.ts';
import {
  CHAIN_BYTES,
  decodeHeader,
  decodeTrailer,
  GENESIS,
  HEADER_BYTES,
  readFrame,
  TRAILER_BYTES,
} from './format.ts';
import { isHeadSignedBy, type JournalState, readHead, writeHead } from './head.ts';
import { type FaultKind, type JournalFault, type SegmentScan, scanSegment } from './scan.ts';
import { createSegment, listSegments, replaceFile, segmentName, segmentPath } from './segments.ts';
import type { JournalSigner } from './signer.ts';

export interface Recovery {
  readonly state: JournalState;
  /** Bytes of an unfinished write that were moved to a `.torn` file. */
  readonly tornBytes: number;
}

/** Brings the directory to a state that can be appended to. Throws `ProxyError` `journal/damaged`. */
export function recoverJournal(dir: string, signer: JournalSigner): Recovery {
  const segments = listSegments(dir);
  const head = readHead(dir);
  if (segments.length === 0) {
    if (head !== 'missing') throw damaged(dir, 'there is a head but no segment');
    createSegment(dir, 1, GENESIS);
    const state = { segment: 1, records: 0, offset: HEADER_BYTES, chain: GENESIS };
    writeHead(dir, state, signer);
    return { state, tornBytes: 0 };
  }
  segments.forEach((segment, at) => {
    if (segment !== at + 1) throw damaged(dir, `${segmentName(at + 1)} is missing`);
  });
  const last = segments.length;
  let chain = GENESIS;
  for (let segment = 1; segment < last; segment += 1) chain = closedChain(dir, segment, chain);
  const path = segmentPath(dir, last);
  const bytes = readFileSync(path);
  const scan = scanSegment(bytes, last, chain);
  const [fault] = scan.faults.filter((each) => each.kind !== 'torn-tail');
  if (fault !== undefined) throw damagedAt(dir, fault);
  const tornBytes = bytes.length - scan.sealedEnd;
  checkHead(dir, head, last, scan, signer);
  if (tornBytes > 0) cutTail(dir, last, bytes, scan.sealedEnd);
  if (scan.trailer !== undefined) {
    createSegment(dir, last + 1, scan.chain);
    const state = { segment: last + 1, records: 0, offset: HEADER_BYTES, chain: scan.chain };
    return { state, tornBytes };
  }
  const { records, sealedEnd: offset } = scan;
  return { state: { segment: last, records, offset, chain: scan.chain }, tornBytes };
}

/**
 * The chain a closed segment ends with. Only its two ends are read here, so that starting does not take longer as the journal
 * grows; `verifyJournal` reads all of it.
 */
function closedChain(dir: string, segment: number, before: Buffer): Buffer {
  const path = segmentPath(dir, segment);
  const size = statSync(path).size;
  const fd = openSync(path, 'r');
  try {
    const header = decodeHeader(readAt(fd, 0, HEADER_BYTES));
    const end = readFrame(readAt(fd, Math.max(0, size - TRAILER_BYTES), TRAILER_BYTES), 0);
    const trailer = end.ok ? decodeTrailer(end.frame.payload) : undefined;
    const fault = (index: number, offset: number, kind: FaultKind, message: string): ProxyError =>
      damagedAt(dir, { segment, index, offset, kind, message });
    if (header === undefined || header.segment !== segment) {
      throw fault(-1, 0, 'bad-header', 'the header is not one');
    }
    if (!header.chain.equals(before)) {
      throw fault(-1, 0, 'broken-chain', 'the segment does not continue the one before it');
    }
    if (trailer === undefined) throw fault(-1, size, 'missing-trailer', 'the segment is cut short');
    return trailer.chain;
  } finally {
    closeSync(fd);
  }
}

function readAt(fd: number, offset: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  return bytes.subarray(0, readSync(fd, bytes, 0, length, offset));
}

/** What the signed head vouches for must be there. */
function checkHead(
  dir: string,
  head: ReturnType<typeof readHead>,
  last: number,
  scan: SegmentScan,
  signer: JournalSigner,
): void {
  if (head === 'missing' && last === 1 && scan.records === 0) return;
  if (head === 'missing') throw damaged(dir, 'the signed head is missing');
  if (head === 'damaged') throw damaged(dir, 'the signed head cannot be read');
  if (!isHeadSignedBy(head, signer.publicKey)) {
    throw damaged(dir, 'the head is not signed with the key of this gateway');
  }
  if (head.segment > last) throw damaged(dir, `${segmentName(head.segment)} is missing`);
  if (head.segment < last) return;
  const reached = chainAt(scan, head.offset);
  if (reached === undefined || reached.length !== CHAIN_BYTES || !reached.equals(head.chain)) {
    const { segment, records: index, offset } = head;
    const message = `the signed head vouches for ${index} records, ${scan.records} are there`;
    throw damagedAt(dir, {
      segment,
      index: Math.min(index, scan.records),
      offset,
      kind: 'truncated',
      message,
    });
  }
}

/** The chain after the group that ends at this offset. */
export function chainAt(scan: SegmentScan, offset: number): Buffer | undefined {
  if (offset === HEADER_BYTES) return scan.before;
  const group = scan.groups.find((each) => each.end === offset);
  if (group !== undefined) return group.chain;
  return scan.trailer !== undefined && offset === scan.sealedEnd ? scan.chain : undefined;
}

function cutTail(dir: string, segment: number, bytes: Buffer, end: number): void {
  replaceFile(dir, `${segmentName(segment)}.${end}.torn`, bytes.subarray(end));
  const fd = openSync(segmentPath(dir, segment), 'r+');
  try {
    ftruncateSync(fd, end);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

function damagedAt(dir: string, fault: JournalFault): ProxyError {
  const { segment, index, offset, kind, message } = fault;
  const record = index < 0 ? '' : `record ${index}, `;
  return damaged(dir, `${segmentName(segment)}, ${record}byte ${offset}: ${message} (${kind})`);
}

function damaged(dir: string, what: string): ProxyError {
  return new ProxyError('journal/damaged', `the journal in \`${dir}\` is damaged: ${what}`, {
    hint:
      'Nothing was changed. Run `sallyport verify` for every fault, keep the directory as evidence, ' +
      'and start with a restored copy or with an empty journal directory.',
  });
}
