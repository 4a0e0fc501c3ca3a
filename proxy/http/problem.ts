/**
 * Refusals in HTTP's own tongue: problem details (RFC 9457), and the headers that go with them. Pure.
 */
import { type Refusal, type RefusalKind, refuse } from '../gate/refusal.ts';

export interface Problem {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const STATUS: Readonly<Record<RefusalKind, number>> = {
  unauthenticated: 401,
  'unknown-resource': 404,
  blocked: 403,
  'approval-denied': 403,
  'approval-expired': 403,
  limit: 429,
  unsupported: 501,
  unavailable: 503,
};
const TITLE: Readonly<Record<RefusalKind, string>> = {
  unauthenticated: 'Sign-in needed',
  'unknown-resource': 'No such resource',
  blocked: 'Blocked by policy',
  'approval-denied': 'Approval denied',
  'approval-expired': 'Not approved in time',
  limit: 'Limit reached',
  unsupported: 'Not supported',
  unavailable: 'Not available',
};
/** Where the status says more than the kind. */
const TITLE_OF_STATUS: Readonly<Record<number, string>> = {
  400: 'Malformed request',
  408: 'Request took too long',
  413: 'Too large',
  415: 'Not a body that can be decided on',
  431: 'Headers too large',
  500: 'Fault of the gateway',
  502: 'Fault of the target',
};
/** Seconds after which trying again may help. */
const RETRY_AFTER: Readonly<Partial<Record<RefusalKind, number>>> = {
  'approval-expired': 60,
  limit: 5,
  unavailable: 5,
};

/** The response for a refusal. `status` overrides the one of its kind where HTTP has a better word (400, 413, 502). */
export function toProblem(refusal: Refusal, status: number = STATUS[refusal.kind]): Problem {
  const { kind, code, message, hint, reasons } = refusal;
  const body = JSON.stringify({
    type: `urn:sallyport:problem:${code}`,
    title: TITLE_OF_STATUS[status] ?? TITLE[kind],
    status,
    detail: message,
    code,
    ...(hint === undefined ? {} : { hint }),
    reasons: reasons.map((reason) => ({ code: reason.code, reason: reason.reason })),
  });
  const retryAfter = RETRY_AFTER[kind];
  return {
    status,
    body,
    headers: {
      'content-type': 'application/problem+json',
      'content-length': String(Buffer.byteLength(body)),
      'cache-control': 'no-store',
      ...(status === 401
        ? { 'www-authenticate': 'Bearer realm="sallyport", Basic realm="sallyport"' }
        : {}),
      ...(retryAfter === undefined || status < 403 ? {} : { 'retry-after': String(retryAfter) }),
    },
  };
}

/** A request that is not HTTP as this gateway reads it: refused before anything is decided. */
export function malformed(message: string): Refusal {
  return refuse('unsupported', 'http/malformed', message, {
    hint: 'Send one unambiguous HTTP/1.1 request.',
  });
}
