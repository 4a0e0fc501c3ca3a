/**
 * Describes one request as an action: facts only. The digest covers method, path, query, body and every header that is sent on,
 * except those that change from one try to the next and mean nothing to what is done. Pure.
 */
import { createHash } from 'node:crypto';
import type { ActionClass, ActionInput } from '../../engine/contract/input.ts';
import type { CanonicalTarget } from './request-target.ts';

/** UTF-16 units of a request that are shown to an approver and kept as its text. */
const MAX_TEXT = 64 * 1024;
const CLASS_OF_METHOD: Readonly<Record<string, ActionClass>> = {
  GET: 'read',
  HEAD: 'read',
  OPTIONS: 'read',
  POST: 'write',
  PUT: 'write',
  PATCH: 'write',
  DELETE: 'write',
};
/** Not in the digest: a second try of the same request may carry others. */
const NEUTRAL =
  /^(?:accept(?:-.*)?|user-agent|date|dnt|prefer|priority|traceparent|tracestate|baggage|sec-.*|x-request-id|x-correlation-id|x-b3-.*|b3|cache-control|pragma|referer|origin)$/;

export interface DescribedRequest {
  readonly method: string;
  readonly target: CanonicalTarget;
  readonly headers: Readonly<Record<string, string>>;
  readonly host: string;
  readonly bytes: Buffer;
  readonly body: unknown;
  readonly isUpgrade: boolean;
}

export function describeRequest(request: DescribedRequest): ActionInput {
  const { method, target, headers, host, bytes, body, isUpgrade } = request;
  const known = Object.hasOwn(CLASS_OF_METHOD, method) ? CLASS_OF_METHOD[method] : undefined;
  // A body on a method that reads is read by some services and not by others.
  const isOdd = isUpgrade || (known === 'read' && bytes.length > 0);
  return {
    kind: 'http',
    verb: method,
    class: known === undefined || isOdd ? 'unknown' : known,
    text: textOf(request),
    digest: digestOf(request),
    http: {
      method,
      path: target.path,
      segments: target.segments,
      query: target.query,
      headers,
      host,
      ...(body === undefined ? {} : { body }),
      websocket: isUpgrade,
    },
  };
}

function textOf({ method, target, headers, bytes }: DescribedRequest): string {
  const head = `${method} ${target.encoded}`;
  if (bytes.length === 0) return head.slice(0, MAX_TEXT);
  const type = headers['content-type'] ?? 'application/octet-stream';
  // At most four bytes make a UTF-16 unit or two: no more than these are worth decoding.
  const shown = bytes.subarray(0, MAX_TEXT * 4).toString('utf8');
  return `${head}\n${type}, ${bytes.length} bytes\n\n${shown}`.slice(0, MAX_TEXT);
}

/** Length-prefixed parts, so that no two requests give the same bytes to the hash. */
function digestOf({ method, target, headers, bytes }: DescribedRequest): string {
  const digest = createHash('sha256');
  const add = (part: string | Buffer): void => {
    const raw = Buffer.from(part);
    digest.update(`${raw.length}:`).update(raw);
  };
  add('http');
  add(method);
  add(target.encoded);
  for (const name of Object.keys(headers).sort()) {
    if (NEUTRAL.test(name)) continue;
    add(name);
    add(headers[name] ?? '');
  }
  add('body');
  add(bytes);
  return `sha256:${digest.digest('hex')}`;
}
