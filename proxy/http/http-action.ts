/**
 * Describes one request as an action: facts only. The digest covers method, path, query, body and every header that is sent on,
 * except those that change from one try to the next and mean nothing to what is done; the text shows all that it covers. Pure.
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
  /^(?:accept(?:-.*)?|user-agent|date|dnt|priority|traceparent|tracestate|baggage|sec-.*|x-request-id|x-correlation-id|x-b3-.*|b3|cache-control|pragma|referer|origin)$/;

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

function textOf({ method, target, headers, host, bytes }: DescribedRequest): string {
  const lines = boundHeaders(headers).map(([name, value]) => `\n${name}: ${value}`);
  const head = `${method} ${target.encoded}\nhost: ${host}${lines.join('')}`;
  if (bytes.length === 0) return head.slice(0, MAX_TEXT);
  const type = headers['content-type'] ?? 'application/octet-stream';
  // At most four bytes make a UTF-16 unit or two: no more than these are worth decoding.
  const shown = bytes.subarray(0, MAX_TEXT * 4).toString('utf8');
  return `${head}\n${type}, ${bytes.length} bytes\n\n${shown}`.slice(0, MAX_TEXT);
}

/** Headers that an approval is bound to, by name. `Prefer: wait` is between client and gateway; other preferences change the effect. */
function boundHeaders(
  headers: Readonly<Record<string, string>>,
): readonly (readonly [string, string])[] {
  return Object.keys(headers)
    .filter((name) => !NEUTRAL.test(name))
    .sort()
    .map((name): readonly [string, string] => {
      const value = headers[name] ?? '';
      return [name, name === 'prefer' ? withoutWait(value) : value];
    })
    .filter(([name, value]) => name !== 'prefer' || value !== '');
}

function withoutWait(prefer: string): string {
  const preferences = prefer.split(',').map((each) => each.trim());
  return preferences.filter((each) => !/^(?:wait=\d+)?$/.test(each)).join(', ');
}

/** Length-prefixed parts, so that no two requests give the same bytes to the hash. */
function digestOf({ method, target, headers, host, bytes }: DescribedRequest): string {
  const digest = createHash('sha256');
  const add = (part: string | Buffer): void => {
    const raw = Buffer.from(part);
    digest.update(`${raw.length}:`).update(raw);
  };
  add('http');
  add(method);
  add(target.encoded);
  add(host);
  for (const [name, value] of boundHeaders(headers)) {
    add(name);
    add(value);
  }
  add('body');
  add(bytes);
  return `sha256:${digest.digest('hex')}`;
}
