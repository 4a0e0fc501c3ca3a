/**
 * The files of a journal directory: which segments there are, where they lie, how a new one comes to be.
 */
import {
  closeSync,
  fsyncSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { encodeHeader } from './format.ts';

const SEGMENT_NAME = /^journal-(\d{8,10})\.seg$/;

/** `journal-00000001.seg` */
export function segmentName(segment: number): string {
  return `journal-${String(segment).padStart(8, '0')}.seg`;
}

export function segmentPath(dir: string, segment: number): string {
  return join(dir, segmentName(segment));
}

/** Numbers of the segments present, ascending. */
export function listSegments(dir: string): number[] {
  return readdirSync(dir)
    .flatMap((name) => {
      const number = SEGMENT_NAME.exec(name)?.[1];
      return number === undefined ? [] : [Number(number)];
    })
    .sort((one, other) => one - other);
}

/** Makes a segment that holds its header only, whole or not at all, and durable. */
export function createSegment(dir: string, segment: number, chain: Buffer): void {
  replaceFile(dir, segmentName(segment), encodeHeader(segment, chain));
}

/** Writes a file so that after a crash either its old or its new content is there. */
export function replaceFile(dir: string, name: string, content: Buffer | string): void {
  const fresh = join(dir, `${name}.new`);
  rmSync(fresh, { force: true });
  writeFileSync(fresh, content, { flag: 'wx', mode: 0o600, flush: true });
  renameSync(fresh, join(dir, name));
  syncDirectory(dir);
}

/** The same without stopping the event loop; a crash right after it may still find the old content. */
export async function replaceFileSoon(dir: string, name: string, content: string): Promise<void> {
  const fresh = join(dir, `${name}.new`);
  const file = await open(fresh, 'w', 0o600);
  try {
    await file.writeFile(content);
    await file.datasync();
  } finally {
    await file.close();
  }
  await rename(fresh, join(dir, name));
}

function syncDirectory(dir: string): void {
  const fd = openSync(dir, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
