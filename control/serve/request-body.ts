/** The body of a request: JSON, perhaps gzipped, bounded before and after. What cannot be read is refused, never guessed at. */

import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { readJson } from '../../engine/value/json.ts';
import { RegoObject } from '../../engine/value/object.ts';
import type { Value } from '../../engine/value/value.ts';
import { ServeFault } from './fault.ts';

const inflate = promisify(gunzip);

/** What stands before the fault in messages, as OPA words it. */
export type BodyKind = 'body' | 'parameter' | 'request';

/** The bytes of a body as they were before they were gzipped. Throws `ServeFault`. */
export async function inflateBody(
  body: Buffer,
  encoding: string | undefined,
  maxBytes: number,
): Promise<Buffer> {
  if (encoding === undefined || encoding === '' || encoding === 'identity') return body;
  if (encoding !== 'gzip') {
    throw new ServeFault(415, 'invalid_parameter', `the encoding ${encoding} is not understood`);
  }
  try {
    return await inflate(body, { maxOutputLength: maxBytes });
  } catch (cause) {
    const isLarge = cause instanceof RangeError;
    throw isLarge ? tooLarge(maxBytes) : malformed('the body is not gzipped');
  }
}

/** The refusal of a body that is too large. */
export function tooLarge(maxBytes: number): ServeFault {
  return new ServeFault(
    413,
    'invalid_parameter',
    `the request body is larger than ${maxBytes} bytes`,
  );
}

function malformed(message: string): ServeFault {
  return new ServeFault(400, 'invalid_parameter', message);
}

const WORDS: Readonly<Record<BodyKind, string>> = {
  body: 'body contains malformed input document: ',
  parameter: 'parameter contains malformed input document: ',
  request: 'error(s) occurred while decoding request: ',
};

/** The value of a JSON text; undefined of an empty one. */
export function readDocument(text: string, kind: BodyKind): Value | undefined {
  if (text.trim() === '') return undefined;
  const reading = readJson(text);
  if (reading.ok) return reading.value;
  throw malformed(`${WORDS[kind]}${reading.message}`);
}

/** A body that must be an object; an empty one and `null` have no members. */
export function readMembers(text: string, kind: BodyKind): RegoObject {
  const value = readDocument(text, kind);
  if (value === undefined || value === null) return RegoObject.EMPTY;
  if (value instanceof RegoObject) return value;
  throw malformed(`${WORDS[kind]}the document is not an object`);
}

/** Text of UTF-8 bytes. Throws `ServeFault` for other bytes: replaced, they would read as what nobody sent. */
export function decodeText(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw malformed('the body is not UTF-8');
  }
}
