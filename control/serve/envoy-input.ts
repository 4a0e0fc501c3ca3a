/**
 * What a policy sees of a request that Envoy asks about (HTTP `ext_authz`): the shape of OPA's Envoy plugin, as far as the HTTP form of
 * the protocol tells it. Envoy sends method, path, host and the headers it was configured to send; whatever else stands in them was
 * written by the client.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { readJson } from '../../engine/value/json.ts';
import { RegoObject } from '../../engine/value/object.ts';
import { fromPlain } from '../../engine/value/plain.ts';
import type { Value } from '../../engine/value/value.ts';

/** Carries the token of the decision service; no policy sees it. */
export const TOKEN_HEADER = 'sallyport-token';
/** Set by Envoy when it sends only the beginning of a body. */
const PARTIAL_HEADER = 'x-envoy-auth-partial-body';

export interface EnvoyRequest {
  readonly method: string;
  /** As the client sent it to Envoy: path and query. */
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** The `input` document. */
export function envoyInput({ method, target, headers, body }: EnvoyRequest): Value {
  const { [TOKEN_HEADER]: _token, ...shown } = headers;
  const mark = target.indexOf('?');
  const path = mark === -1 ? target : target.slice(0, mark);
  const query = new URLSearchParams(mark === -1 ? '' : target.slice(mark + 1));
  const isTruncated = headers[PARTIAL_HEADER] === 'true';
  const parsedBody = isTruncated ? undefined : parseBody(headers['content-type'], body);
  return fromPlain({
    attributes: {
      request: {
        http: {
          method,
          path: target,
          host: headers.host ?? '',
          scheme: headers['x-forwarded-proto'] ?? 'http',
          headers: Object.fromEntries(
            Object.entries(shown).map(([name, value]) => [name, [value].flat().join(', ')]),
          ),
          ...(body === '' ? {} : { body }),
        },
      },
    },
    parsed_path: path.split('/').slice(1).map(decodeSegment),
    parsed_query: Object.fromEntries([...query.keys()].map((name) => [name, query.getAll(name)])),
    parsed_body: parsedBody ?? null,
    truncated_body: isTruncated,
    version: { ext_authz: 'http' },
  });
}

/** A segment that is not percent-encoded UTF-8 stays as it was sent: it then equals no name a policy knows. */
function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

function parseBody(type: string | undefined, body: string): Value | undefined {
  if (body === '' || !/^application\/(?:[\w.+-]+\+)?json(?:\s*;|$)/i.test(type ?? '')) return;
  const reading = readJson(body);
  return reading.ok ? reading.value : undefined;
}

/** What a policy answered, as Envoy understands it. */
export interface EnvoyAnswer {
  readonly status: number;
  /** Allowed: for the target, as Envoy is configured; denied: for the client. */
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: string;
}

const OK = 200;
const FORBIDDEN = 403;
/** Of statuses from 500 on Envoy may take one for a failed check, which it can be configured to let pass; below 300 lies consent. */
const MIN_DENIED = 300;
const MAX_DENIED = 499;
const DENIED: EnvoyAnswer = { status: FORBIDDEN, headers: {}, body: 'denied by policy\n' };

/** A denial for a reason that is not the policy's decision. */
export function envoyRefusal(body: string, status = FORBIDDEN): EnvoyAnswer {
  return { status, headers: {}, body: `${body}\n` };
}

/** `true`, or an object whose `allowed` is `true`, lets the request pass; everything else does not. */
export function envoyAnswer(result: Value | undefined): EnvoyAnswer {
  if (result === true) return { status: OK, headers: {}, body: '' };
  if (!(result instanceof RegoObject)) return DENIED;
  const headers = readHeaders(result.get('headers'));
  const added = readHeaders(result.get('response_headers_to_add'));
  if (headers === undefined || added === undefined) {
    return envoyRefusal('the policy gives headers that cannot be sent');
  }
  if (result.get('allowed') === true) {
    return { status: OK, headers: { ...headers, ...added }, body: '' };
  }
  const status = result.get('http_status');
  const body = result.get('body');
  return {
    status: typeof status === 'number' && isDenial(status) ? status : FORBIDDEN,
    headers,
    body: typeof body === 'string' ? body : DENIED.body,
  };
}

function isDenial(status: number): boolean {
  return Number.isInteger(status) && status >= MIN_DENIED && status <= MAX_DENIED;
}

const HEADER_NAME = /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/;
/** Visible ASCII, spaces and tabs: what no proxy takes for the end of a header. */
const HEADER_VALUE = /^[\t\x20-\x7e]*$/;
/** These belong to the connection, not to a policy. */
const FRAMING: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Headers by name; undefined when one of them cannot be sent as it is. */
function readHeaders(value: Value | undefined): EnvoyAnswer['headers'] | undefined {
  if (value === undefined) return {};
  if (!(value instanceof RegoObject)) return undefined;
  const headers: Record<string, string | readonly string[]> = {};
  for (const [name, content] of value) {
    const values = Array.isArray(content) ? content : [content];
    if (typeof name !== 'string' || !HEADER_NAME.test(name)) return undefined;
    if (FRAMING.has(name.toLowerCase())) return undefined;
    if (!values.every((text) => typeof text === 'string' && HEADER_VALUE.test(text)))
      return undefined;
    headers[name.toLowerCase()] = values.length === 1 ? values[0] : values;
  }
  return headers;
}
