/**
 * The signed head: how far the journal is known to reach. Whoever cuts off the journal's end cannot sign a shorter one, so the
 * cut shows. It is replaced after the data it speaks of has been fsynced, never before.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHAIN_BYTES, SIGNATURE_BYTES, signedState } from './format.ts';
import { replaceFile, replaceFileSoon } from './segments.ts';
import { isSignedBy, type JournalSigner } from './signer.ts';

export const HEAD_NAME = 'head.json';

/** The state after `records` records of `segment`, which end at `offset`. */
export interface JournalState {
  readonly segment: number;
  readonly records: number;
  readonly offset: number;
  readonly chain: Buffer;
}

export interface Head extends JournalState {
  readonly signature: Buffer;
}

/** Signs and writes the head, durable when it returns. */
export function writeHead(dir: string, state: JournalState, signer: JournalSigner): void {
  replaceFile(dir, HEAD_NAME, encodeHead(state, signer));
}

/** Signs and writes the head while the gateway goes on. */
export function writeHeadSoon(
  dir: string,
  state: JournalState,
  signer: JournalSigner,
): Promise<void> {
  return replaceFileSoon(dir, HEAD_NAME, encodeHead(state, signer));
}

function encodeHead(state: JournalState, signer: JournalSigner): string {
  const { segment, records, offset, chain } = state;
  const signature = signer.sign(signedHead(state)).toString('base64');
  const content = { version: 1, segment, records, offset, chain: chain.toString('hex'), signature };
  return `${JSON.stringify(content)}\n`;
}

/** The head, `missing` when there is none, `damaged` when it is no head. */
export function readHead(dir: string): Head | 'missing' | 'damaged' {
  let text: string;
  try {
    text = readFileSync(join(dir, HEAD_NAME), 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 'missing';
    throw error;
  }
  return parseHead(text) ?? 'damaged';
}

export function isHeadSignedBy(head: Head, publicKey: string): boolean {
  return isSignedBy(publicKey, signedHead(head), head.signature);
}

function signedHead(state: JournalState): Buffer {
  return Buffer.concat([signedState('head', state), Buffer.from(` ${state.offset}`)]);
}

function parseHead(text: string): Head | undefined {
  let fields: unknown;
  try {
    fields = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof fields !== 'object' || fields === null) return undefined;
  const { version, segment, records, offset, chain, signature } = fields as Record<string, unknown>;
  if (version !== 1 || !isCount(segment) || !isCount(records) || !isCount(offset)) return undefined;
  if (typeof chain !== 'string' || typeof signature !== 'string') return undefined;
  const head = {
    segment,
    records,
    offset,
    chain: Buffer.from(chain, 'hex'),
    signature: Buffer.from(signature, 'base64'),
  };
  const isWhole = head.chain.length === CHAIN_BYTES && head.signature.length === SIGNATURE_BYTES;
  return isWhole ? head : undefined;
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
