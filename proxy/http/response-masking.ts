/**
 * Which masks apply to a response and how: field masks on JSON, NDJSON and event streams, header masks on headers. What cannot
 * be masked is refused, never passed. Pure.
 */
import type { Mask } from '../../engine/contract/decision.ts';
import { type Refusal, refuse } from '../gate/refusal.ts';
import { createJsonMasker, type FieldMask, type JsonMasker, parseFieldMask } from '../mask/json.ts';
import { createEventMasker } from '../mask/json-events.ts';
import { type MaskKey, maskText } from '../mask/methods.ts';
import { isJson, readMediaType } from './body.ts';
import type { ResponseHeaders } from './headers.ts';

export interface ResponseMasks {
  readonly fields: readonly FieldMask[];
  readonly headers: readonly Mask[];
}

/**
 * The masks that mean something over HTTP. `column` speaks of SQL results, which there are none of; a `detector`, or a `field`
 * that is no JSON pointer, cannot be enforced and blocks the request before it is sent on.
 */
export function planMasks(masks: readonly Mask[]): ResponseMasks | Refusal {
  const fields: FieldMask[] = [];
  const headers: Mask[] = [];
  for (const mask of masks) {
    if (mask.column !== undefined) continue;
    const field = parseFieldMask(mask);
    if (field !== undefined) fields.push(field);
    else if (mask.header !== undefined) headers.push(mask);
    else return unenforceable(`the mask \`${mask.code}\` cannot be enforced over HTTP`);
  }
  return { fields, headers };
}

export function unenforceable(message: string): Refusal {
  return refuse('blocked', 'mask-unenforceable', message, {
    hint: 'Ask the owner of the policy: a mask applies to this answer and cannot be enforced in it.',
  });
}

export interface BodyMasker {
  readonly masker: JsonMasker;
  /** A stream that lives on: its head is not held back. */
  readonly isLive: boolean;
}

/** The masker for a response body of this type, or why there is none. */
export function chooseMasker(
  headers: Readonly<Record<string, string | string[] | undefined>>,
  status: number,
  fields: readonly FieldMask[],
  key: MaskKey,
): BodyMasker | Refusal {
  const coding = headers['content-encoding'];
  if (coding !== undefined && String(coding).toLowerCase() !== 'identity') {
    return unenforceable('the target answered with a compressed body, which cannot be masked');
  }
  if (status === 206)
    return unenforceable('the target answered with a part, which cannot be masked');
  const type = headers['content-type'];
  const media = typeof type === 'string' ? readMediaType(type) : undefined;
  const charset = media?.charset ?? 'utf-8';
  if (media === undefined || (charset !== 'utf-8' && charset !== 'us-ascii')) {
    return unenforceable('the target did not say that it answers with JSON in UTF-8');
  }
  switch (media.essence) {
    case 'text/event-stream':
      return { masker: createEventMasker(fields, key), isLive: true };
    case 'application/x-ndjson':
    case 'application/ndjson':
    case 'application/jsonl':
    case 'application/x-jsonlines':
      return { masker: createJsonMasker(fields, key, true), isLive: true };
    default:
      if (isJson(media.essence)) return { masker: createJsonMasker(fields, key), isLive: false };
      return unenforceable(`the target answered with \`${media.essence}\`, which cannot be masked`);
  }
}

/** Masks header values in place; returns how many by mask code. */
export function maskHeaders(
  headers: ResponseHeaders,
  masks: readonly Mask[],
  key: MaskKey,
): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { header, with: method, code } of masks) {
    const name = header?.toLowerCase() ?? '';
    const value = headers[name];
    if (value === undefined) continue;
    const masked = [value].flat().map((each) => maskText(method, each, key));
    counts[code] = (counts[code] ?? 0) + masked.length;
    const kept = masked.filter((each) => each !== null);
    if (kept.length === 0) delete headers[name];
    else headers[name] = kept.length === 1 ? (kept[0] ?? '') : kept;
  }
  return counts;
}
