/**
 * Appends to the open segment: one write per turn of the event loop, one fdatasync in flight, both for all who wait. The
 * first failure is the last: after it every append rejects, and what was half written is cut off again.
 */

import { hash } from 'node:crypto';
import { closeSync, fdatasync, fdatasyncSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { ProxyError } from '../error.ts';
import type { Durability } from '../gate/ports.ts';
import type { JournalEntry, RecordId } from '../gate/record.ts';
import {
  CHAIN_BYTES,
  encodeTrailer,
  FRAME,
  FRAME_OVERHEAD,
  HEADER_BYTES,
  MAX_GROUP_RECORDS,
  sealFrame,
  signedState,
} from './format.ts';
import type { JournalState } from './head.ts';
import type { JournalLimits } from './limits.ts';
import { createSegment, segmentPath } from './segments.ts';
import type { JournalSigner } from './signer.ts';

/** Where the system calls come from; a test passes ones that fail. */
export interface SegmentFiles {
  open(path: string): number;
  write(fd: number, bytes: Buffer, offset: number, length: number, position: number): number;
  truncate(fd: number, length: number): void;
  sync(fd: number, done: (error: Error | null) => void): void;
  syncNow(fd: number): void;
  close(fd: number): void;
}

export const SEGMENT_FILES: SegmentFiles = {
  open: (path) => openSync(path, 'r+'),
  write: (fd, bytes, offset, length, position) => writeSync(fd, bytes, offset, length, position),
  truncate: (fd, length) => ftruncateSync(fd, length),
  sync: (fd, done) => fdatasync(fd, done),
  syncNow: (fd) => fdatasyncSync(fd),
  close: (fd) => closeSync(fd),
};

export interface SegmentWriter {
  append(entry: JournalEntry, durability: Durability): Promise<RecordId>;
  /** Writes and fsyncs everything, closes the file; appends reject from now on. */
  close(): Promise<JournalState>;
  /** Fails the journal for good: every append that waits or comes rejects. */
  fail(cause: unknown): void;
}

export interface WriterOptions {
  readonly dir: string;
  readonly state: JournalState;
  readonly signer: JournalSigner;
  readonly limits: JournalLimits;
  readonly files: SegmentFiles;
  /** Called after each fdatasync with what is durable now. */
  readonly onSynced: (state: JournalState) => void;
  readonly onFailure: (error: ProxyError) => void;
}

interface Waiter {
  readonly id: RecordId;
  readonly durability: Durability;
  readonly resolve: (id: RecordId) => void;
  readonly reject: (error: ProxyError) => void;
}

/** First guess of a group's bytes; it grows as needed. */
const INITIAL_BUFFER_BYTES = 64 * 1024;

export function createWriter(options: WriterOptions): SegmentWriter {
  const { dir, signer, limits, files, onSynced, onFailure } = options;
  let state = options.state;
  let fd = files.open(segmentPath(dir, state.segment));
  // Layout: the chain before the group, then its frames, so that one hash call covers both.
  let buffer = Buffer.allocUnsafe(INITIAL_BUFFER_BYTES);
  let end = CHAIN_BYTES;
  let crcs: number[] = [];
  let waiters: Waiter[] = [];
  let unsynced: Waiter[] = [];
  let isScheduled = false;
  let isSyncing = false;
  let isClosed = false;
  let syncedOffset = state.offset;
  let syncTimer: NodeJS.Timeout | undefined;
  let failure: ProxyError | undefined;
  let idle: (() => void) | undefined;

  function fail(cause: unknown): ProxyError {
    if (failure !== undefined) return failure;
    const why = cause instanceof Error ? cause.message : String(cause);
    failure = new ProxyError('journal/unavailable', `the journal in \`${dir}\` failed: ${why}`, {
      cause,
      hint: 'Make room or repair the disk, then start the gateway again.',
    });
    const failed = failure;
    clearTimeout(syncTimer);
    for (const waiter of [...unsynced, ...waiters]) waiter.reject(failed);
    unsynced = [];
    waiters = [];
    crcs = [];
    end = CHAIN_BYTES;
    onFailure(failed);
    return failed;
  }

  function makeRoom(bytes: number): void {
    if (end + bytes <= buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(buffer.length * 2, end + bytes));
    buffer.copy(larger, 0, 0, end);
    buffer = larger;
  }

  function append(entry: JournalEntry, durability: Durability): Promise<RecordId> {
    if (failure !== undefined) return Promise.reject(failure);
    if (isClosed) {
      return Promise.reject(new ProxyError('journal/unavailable', 'the journal is closed'));
    }
    const text = JSON.stringify(entry);
    const most = text.length * 3;
    const isTooLarge =
      most > limits.maxRecordBytes && Buffer.byteLength(text) > limits.maxRecordBytes;
    if (isTooLarge) {
      return Promise.reject(
        new ProxyError('limit/exceeded', `a record is larger than ${limits.maxRecordBytes} bytes`),
      );
    }
    makeRoom(FRAME_OVERHEAD + most);
    const length = buffer.write(text, end + FRAME_OVERHEAD, most, 'utf8');
    const crc = sealFrame(buffer, end, length, FRAME.record);
    end += FRAME_OVERHEAD + length;
    const id: RecordId = `${state.segment}-${state.records + crcs.length}`;
    crcs.push(crc);
    const promise = new Promise<RecordId>((resolve, reject) => {
      waiters.push({ id, durability, resolve, reject });
    });
    if (end > limits.maxGroupBytes || crcs.length >= MAX_GROUP_RECORDS) flush();
    else if (!isScheduled) {
      isScheduled = true;
      setImmediate(flushScheduled);
    }
    return promise;
  }

  function flushScheduled(): void {
    isScheduled = false;
    flush();
  }

  /** Seals what was appended since the last write and writes it. */
  function flush(): void {
    if (failure !== undefined || crcs.length === 0) return;
    try {
      state.chain.copy(buffer, 0);
      const chain = hash('sha256', buffer.subarray(0, end), 'buffer');
      writeSeal(chain);
      writeAll(buffer, CHAIN_BYTES, end);
      const { segment, records, offset } = state;
      state = {
        segment,
        records: records + crcs.length,
        offset: offset + end - CHAIN_BYTES,
        chain,
      };
    } catch (error) {
      fail(error);
      return;
    }
    const written = waiters;
    waiters = [];
    crcs = [];
    end = CHAIN_BYTES;
    for (const waiter of written) {
      if (waiter.durability === 'written') waiter.resolve(waiter.id);
      else unsynced.push(waiter);
    }
    if (state.offset >= limits.maxSegmentBytes) rotate();
    else if (unsynced.length > 0) startSync();
    else syncTimer ??= setTimeout(startSync, limits.syncWithinMs);
  }

  function writeSeal(chain: Buffer): void {
    const length = CHAIN_BYTES + 4 + 4 * crcs.length;
    makeRoom(FRAME_OVERHEAD + length);
    let at = end + FRAME_OVERHEAD;
    at += chain.copy(buffer, at);
    at = buffer.writeUInt32BE(state.records, at);
    for (const crc of crcs) at = buffer.writeUInt32BE(crc, at);
    sealFrame(buffer, end, length, FRAME.seal);
    end = at;
  }

  function writeAll(bytes: Buffer, from: number, to: number): void {
    const start = state.offset;
    let at = from;
    try {
      while (at < to) {
        const wrote = files.write(fd, bytes, at, to - at, start + at - from);
        if (wrote === 0) throw new Error('nothing could be written');
        at += wrote;
      }
    } catch (error) {
      try {
        files.truncate(fd, start);
      } catch {
        // Without its seal the part that was written is a torn tail, which the next start moves aside.
      }
      throw error;
    }
  }

  function startSync(): void {
    clearTimeout(syncTimer);
    syncTimer = undefined;
    if (isSyncing || failure !== undefined || syncedOffset === state.offset) return;
    isSyncing = true;
    const covered = unsynced;
    unsynced = [];
    const reached = state;
    const syncedFd = fd;
    files.sync(fd, (error) => {
      isSyncing = false;
      if (syncedFd !== fd) files.close(syncedFd);
      if (error !== null || failure !== undefined) {
        const failed = fail(error);
        for (const waiter of covered) waiter.reject(failed);
      } else {
        for (const waiter of covered) waiter.resolve(waiter.id);
        if (syncedFd === fd) markSynced(reached);
        if (unsynced.length > 0) startSync();
        else if (syncedOffset !== state.offset) {
          syncTimer ??= setTimeout(startSync, limits.syncWithinMs);
        }
      }
      idle?.();
    });
  }

  function markSynced(reached: JournalState): void {
    syncedOffset = reached.offset;
    onSynced(reached);
  }

  /** Closes the segment with a signed trailer and begins the next. Once in 64 MiB, so it may block. */
  function rotate(): void {
    try {
      const { segment, records, chain } = state;
      const signature = signer.sign(signedState('trailer', state));
      const trailer = encodeTrailer({ chain, records, signature });
      writeAll(trailer, 0, trailer.length);
      files.syncNow(fd);
      const durable = unsynced;
      unsynced = [];
      for (const waiter of durable) waiter.resolve(waiter.id);
      createSegment(dir, segment + 1, chain);
      const full = fd;
      fd = files.open(segmentPath(dir, segment + 1));
      if (!isSyncing) files.close(full);
      state = { segment: segment + 1, records: 0, offset: HEADER_BYTES, chain };
    } catch (error) {
      fail(error);
      return;
    }
    clearTimeout(syncTimer);
    syncTimer = undefined;
    markSynced(state);
  }

  async function close(): Promise<JournalState> {
    isClosed = true;
    flush();
    while (failure === undefined && (isSyncing || syncedOffset !== state.offset)) {
      startSync();
      if (isSyncing)
        await new Promise<void>((resolve) => {
          idle = resolve;
        });
    }
    clearTimeout(syncTimer);
    files.close(fd);
    if (failure !== undefined) throw failure;
    return state;
  }

  return { append, close, fail };
}
