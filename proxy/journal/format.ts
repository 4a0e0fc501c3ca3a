/**
 * The bytes of a journal segment: header, frames, groups. Pure. All integers are big-endian.
 *
 *   segment  := header group* [trailer]
 *   header   := magic "SPJRNL" version:u16 segment:u32 chain:32 crc:u32        (46 bytes + crc; chain of the segment before)
 *   frame    := crc:u32 length:u32 type:u8 payload:length                      (crc over all that follows it in the frame)
 *   group    := record+ seal                                                   (one write; a group without its seal never happened)
 *   record   := frame of type 1, payload JSON in UTF-8
 *   seal     := frame of type 2, payload chain:32 first:u32 crc:u32*           (first index and the crc of each record of the group)
 *   trailer  := frame of type 3, payload chain:32 records:u32 signature:64     (closes a segment that has a successor)
 *
 * chain(group) = SHA-256(chain before it || all record frames of the group).
 */
import { hash } from 'node:crypto';
import { crc32 } from 'node:zlib';

export const FORMAT_VERSION = 1;
const MAGIC = Buffer.from('SPJRNL', 'latin1');
export const CHAIN_BYTES = 32;
export const SIGNATURE_BYTES = 64;
export const HEADER_BYTES = MAGIC.length + 2 + 4 + CHAIN_BYTES + 4;
/** crc, length, type. */
export const FRAME_OVERHEAD = 9;
export const FRAME = { record: 1, seal: 2, trailer: 3 } as const;
export const TRAILER_BYTES = FRAME_OVERHEAD + CHAIN_BYTES + 4 + SIGNATURE_BYTES;
/** The chain before the first group of the first segment. */
export const GENESIS: Buffer = Buffer.alloc(CHAIN_BYTES);
/** No record is larger: a length beyond it is damage, not a frame. */
export const MAX_RECORD_PAYLOAD = 16 * 1024 * 1024;
/** A group is sealed at this many records, which bounds the seal. */
export const MAX_GROUP_RECORDS = 16_384;
export const MAX_SEAL_PAYLOAD = CHAIN_BYTES + 4 + 4 * MAX_GROUP_RECORDS;
/** What a signature over a trailer or head starts with, so that it can be taken for nothing else. */
const SIGNING_CONTEXT = 'sallyport journal 1\0';

export interface SegmentHeader {
  readonly version: number;
  readonly segment: number;
  readonly chain: Buffer;
}

export function encodeHeader(segment: number, chain: Buffer): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  MAGIC.copy(header, 0);
  header.writeUInt16BE(FORMAT_VERSION, 6);
  header.writeUInt32BE(segment, 8);
  chain.copy(header, 12);
  header.writeUInt32BE(crc32(header.subarray(0, HEADER_BYTES - 4)), HEADER_BYTES - 4);
  return header;
}

/** The header at the start of a segment; undefined when it is cut, damaged or of another format. */
export function decodeHeader(bytes: Buffer): SegmentHeader | undefined {
  if (bytes.length < HEADER_BYTES || !bytes.subarray(0, MAGIC.length).equals(MAGIC)) {
    return undefined;
  }
  const crc = bytes.readUInt32BE(HEADER_BYTES - 4);
  if (crc !== crc32(bytes.subarray(0, HEADER_BYTES - 4))) return undefined;
  return {
    version: bytes.readUInt16BE(6),
    segment: bytes.readUInt32BE(8),
    chain: Buffer.from(bytes.subarray(12, 12 + CHAIN_BYTES)),
  };
}

/** Writes length, type and crc around a payload that is already in place; returns the frame's crc. */
export function sealFrame(target: Buffer, at: number, length: number, type: number): number {
  target.writeUInt32BE(length, at + 4);
  target[at + 8] = type;
  const crc = crc32(target.subarray(at + 4, at + FRAME_OVERHEAD + length));
  target.writeUInt32BE(crc, at);
  return crc;
}

export interface Frame {
  readonly at: number;
  readonly type: number;
  readonly crc: number;
  readonly payload: Buffer;
  readonly end: number;
}

/**
 * The frame at an offset. `cut` when the bytes end inside it, `length` when its length or type can be no frame's, `crc` when
 * its bytes are not those that were written (`end` then says where the next would start).
 */
export type FrameRead =
  | { readonly ok: true; readonly frame: Frame }
  | { readonly ok: false; readonly fault: 'cut' | 'length' }
  | { readonly ok: false; readonly fault: 'crc'; readonly end: number; readonly type: number };

function maxPayload(type: number): number {
  if (type === FRAME.record) return MAX_RECORD_PAYLOAD;
  if (type === FRAME.seal) return MAX_SEAL_PAYLOAD;
  return type === FRAME.trailer ? TRAILER_BYTES - FRAME_OVERHEAD : -1;
}

export function readFrame(bytes: Buffer, at: number): FrameRead {
  if (at + FRAME_OVERHEAD > bytes.length) return { ok: false, fault: 'cut' };
  const crc = bytes.readUInt32BE(at);
  const length = bytes.readUInt32BE(at + 4);
  const type = bytes.readUInt8(at + 8);
  if (length > maxPayload(type)) {
    return { ok: false, fault: 'length' };
  }
  const end = at + FRAME_OVERHEAD + length;
  if (end > bytes.length) return { ok: false, fault: 'cut' };
  if (crc32(bytes.subarray(at + 4, end)) !== crc) return { ok: false, fault: 'crc', end, type };
  const payload = bytes.subarray(at + FRAME_OVERHEAD, end);
  return { ok: true, frame: { at, type, crc, payload, end } };
}

/** The chain after a group, given the one before and the group's record frames. */
export function nextChain(chain: Buffer, records: Buffer): Buffer {
  return hash('sha256', Buffer.concat([chain, records]), 'buffer');
}

export interface SealPayload {
  readonly chain: Buffer;
  readonly first: number;
  readonly crcs: readonly number[];
}

export function decodeSeal(payload: Buffer): SealPayload | undefined {
  const rest = payload.length - CHAIN_BYTES - 4;
  if (rest < 4 || rest % 4 !== 0) return undefined;
  const crcs: number[] = [];
  for (let at = CHAIN_BYTES + 4; at < payload.length; at += 4) crcs.push(payload.readUInt32BE(at));
  return {
    chain: Buffer.from(payload.subarray(0, CHAIN_BYTES)),
    first: payload.readUInt32BE(CHAIN_BYTES),
    crcs,
  };
}

export interface TrailerPayload {
  readonly chain: Buffer;
  readonly records: number;
  readonly signature: Buffer;
}

export function encodeTrailer(trailer: TrailerPayload): Buffer {
  const frame = Buffer.alloc(TRAILER_BYTES);
  trailer.chain.copy(frame, FRAME_OVERHEAD);
  frame.writeUInt32BE(trailer.records, FRAME_OVERHEAD + CHAIN_BYTES);
  trailer.signature.copy(frame, FRAME_OVERHEAD + CHAIN_BYTES + 4);
  sealFrame(frame, 0, TRAILER_BYTES - FRAME_OVERHEAD, FRAME.trailer);
  return frame;
}

export function decodeTrailer(payload: Buffer): TrailerPayload | undefined {
  if (payload.length !== TRAILER_BYTES - FRAME_OVERHEAD) return undefined;
  return {
    chain: Buffer.from(payload.subarray(0, CHAIN_BYTES)),
    records: payload.readUInt32BE(CHAIN_BYTES),
    signature: Buffer.from(payload.subarray(CHAIN_BYTES + 4)),
  };
}

/** The bytes a signature covers: the state of the journal after `records` records of `segment`. */
export function signedState(
  what: 'trailer' | 'head',
  state: { readonly segment: number; readonly records: number; readonly chain: Buffer },
): Buffer {
  const { segment, records, chain } = state;
  return Buffer.from(`${SIGNING_CONTEXT}${what} ${segment} ${records} ${chain.toString('hex')}`);
}
