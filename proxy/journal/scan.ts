/**
 * Reads the bytes of one segment: the groups that are whole and chained, and every fault with the record it is at. Pure: the
 * same scan serves recovery, reading and verification, so they cannot disagree. It never guesses content: a group with a
 * fault yields no records.
 */
import {
  decodeHeader,
  decodeSeal,
  decodeTrailer,
  FORMAT_VERSION,
  FRAME,
  type Frame,
  HEADER_BYTES,
  nextChain,
  readFrame,
  type TrailerPayload,
} from './format.ts';

export type FaultKind =
  | 'missing-segment'
  | 'bad-header'
  | 'bad-frame'
  | 'edited'
  | 'removed'
  | 'reordered'
  | 'broken-chain'
  | 'torn-tail'
  | 'after-trailer'
  | 'missing-trailer'
  | 'truncated'
  | 'bad-signature'
  | 'bad-head';

export interface JournalFault {
  readonly segment: number;
  /** Index of the record in its segment; -1 where no record is meant. */
  readonly index: number;
  /** Byte offset in the segment file. */
  readonly offset: number;
  readonly kind: FaultKind;
  readonly message: string;
}

export interface Group {
  readonly first: number;
  readonly records: readonly Frame[];
  readonly end: number;
  readonly chain: Buffer;
}

export interface SegmentScan {
  readonly groups: readonly Group[];
  readonly faults: readonly JournalFault[];
  /** Records in sealed groups, faulty ones counted as their seal says. */
  readonly records: number;
  /** Where the last sealed group ends. */
  readonly sealedEnd: number;
  readonly chain: Buffer;
  /** Chain the header claims for the segment before. */
  readonly before: Buffer | undefined;
  readonly trailer: TrailerPayload | undefined;
}

/** Scans one segment, given the chain that the segment before ended with. */
export function scanSegment(bytes: Buffer, segment: number, before: Buffer): SegmentScan {
  const faults: JournalFault[] = [];
  const groups: Group[] = [];
  const fault = (index: number, offset: number, kind: FaultKind, message: string): void => {
    faults.push({ segment, index, offset, kind, message });
  };
  const header = decodeHeader(bytes);
  let chain = before;
  if (header === undefined || header.version !== FORMAT_VERSION || header.segment !== segment) {
    fault(-1, 0, 'bad-header', 'the header is cut, changed, or of another segment or version');
  } else if (!header.chain.equals(before)) {
    fault(-1, 0, 'broken-chain', 'the segment does not continue the one before it');
    chain = header.chain;
  }
  let at = HEADER_BYTES;
  let sealedEnd = Math.min(HEADER_BYTES, bytes.length);
  let records = 0;
  let open: Frame[] = [];
  let groupAt = at;
  let isGroupFaulty = false;
  let trailer: TrailerPayload | undefined;
  while (at < bytes.length) {
    const index = records + open.length;
    if (trailer !== undefined) {
      fault(index, at, 'after-trailer', 'bytes follow the trailer that closes the segment');
      break;
    }
    const read = readFrame(bytes, at);
    if (!read.ok) {
      const next = findSeal(bytes, at);
      if (next === undefined) {
        if (!isGroupFaulty)
          fault(index, groupAt, 'torn-tail', 'the last group was not written whole');
        break;
      }
      if (!isGroupFaulty) fault(index, at, 'bad-frame', 'the record is not what was written');
      isGroupFaulty = true;
      // Inside a group whose lengths can be trusted, later faulty records of the same group are not told apart.
      at = next;
      continue;
    }
    const { frame } = read;
    at = frame.end;
    if (frame.type === FRAME.record) {
      open.push(frame);
      continue;
    }
    if (frame.type === FRAME.trailer) {
      trailer = decodeTrailer(frame.payload);
      if (trailer === undefined || open.length > 0 || trailer.records !== records) {
        fault(index, frame.at, 'bad-frame', 'the trailer does not close what stands before it');
      } else if (!trailer.chain.equals(chain)) {
        fault(index, frame.at, 'broken-chain', 'the trailer closes another chain');
      }
      sealedEnd = frame.end;
      groupAt = frame.end;
      continue;
    }
    const seal = decodeSeal(frame.payload);
    if (seal === undefined) {
      fault(index, frame.at, 'bad-frame', 'the seal of the group is not one');
      isGroupFaulty = true;
    } else {
      if (seal.first !== records && !isGroupFaulty) {
        const kind = seal.first > records ? 'removed' : 'reordered';
        const span = seal.first > records ? `records ${records} to ${seal.first - 1} are` : 'it is';
        fault(records, groupAt, kind, `${span} not where the chain has them`);
        isGroupFaulty = true;
      }
      if (!isGroupFaulty) {
        const odd = findOddRecord(open, seal.crcs);
        if (odd !== undefined) {
          fault(records + odd.at, open[odd.at]?.at ?? frame.at, odd.kind, odd.message);
          isGroupFaulty = true;
        } else if (!nextChain(chain, bytes.subarray(groupAt, frame.at)).equals(seal.chain)) {
          const last = records + open.length - 1;
          fault(records, groupAt, 'broken-chain', `records ${records} to ${last} break the chain`);
          isGroupFaulty = true;
        }
      }
      if (!isGroupFaulty) {
        groups.push({ first: records, records: open, end: frame.end, chain: seal.chain });
      }
      records = Math.max(records, seal.first) + seal.crcs.length;
      chain = seal.chain;
    }
    open = [];
    isGroupFaulty = false;
    sealedEnd = frame.end;
    groupAt = frame.end;
  }
  if (open.length > 0 && !isGroupFaulty && faults.at(-1)?.offset !== groupAt) {
    fault(records, groupAt, 'torn-tail', 'the last group was not written whole');
  }
  return { groups, faults, records, sealedEnd, chain, before: header?.chain, trailer };
}

/** The first record of a group that is not the one its seal names. */
function findOddRecord(
  open: readonly Frame[],
  crcs: readonly number[],
): { readonly at: number; readonly kind: FaultKind; readonly message: string } | undefined {
  for (let at = 0; at < crcs.length; at += 1) {
    const frame = open[at];
    if (frame?.crc === crcs[at]) continue;
    if (frame === undefined) return { at, kind: 'removed', message: 'the record is gone' };
    const place = crcs.indexOf(frame.crc);
    if (place < 0) return { at, kind: 'edited', message: 'the record is not the one sealed' };
    if (open.length < crcs.length) return { at, kind: 'removed', message: 'the record is gone' };
    return { at, kind: 'reordered', message: `record ${place} of its group stands in its place` };
  }
  if (open.length > crcs.length) {
    return { at: crcs.length, kind: 'edited', message: 'the record was never sealed' };
  }
  return undefined;
}

/**
 * Where the next seal or trailer after a bad frame starts: proof that the damage is not a write that was cut short.
 * Undefined when none follows.
 */
function findSeal(bytes: Buffer, from: number): number | undefined {
  for (let at = from + 1; at < bytes.length; at += 1) {
    const type = bytes[at + 8];
    if (type !== FRAME.seal && type !== FRAME.trailer) continue;
    const read = readFrame(bytes, at);
    if (read.ok) return at;
  }
  return undefined;
}
