/**
 * Request and response headers, rebuilt: what goes on is made from a checked map, never copied through (RFC 9110, section 7.6.1;
 * RFC 9112, section 6). Credentials, hop-by-hop fields and whatever speaks for a proxy in front are not in it. Pure.
 */
import { readClientReason } from '../gate/client-reason.ts';

/** Fields a client may send more than once; their values are joined (RFC 9110, section 5.3). */
const LISTS = new Set(
  'accept accept-charset accept-encoding accept-language cache-control connection forwarded if-match if-none-match link pragma prefer te trailer transfer-encoding upgrade vary via warning x-forwarded-for'.split(
    ' ',
  ),
);
/** Between the client and this gateway only. */
const HOP_BY_HOP = new Set(
  'connection keep-alive proxy-connection te trailer transfer-encoding upgrade expect host content-length http2-settings'.split(
    ' ',
  ),
);
/** Credentials: never shown to a policy, never sent on. */
const CREDENTIALS = new Set(
  'authorization dpop proxy-authorization proxy-authenticate cookie cookie2 x-api-key api-key apikey x-auth-token x-access-token x-amz-security-token x-goog-api-key private-token x-gitlab-token x-vault-token x-csrf-token x-xsrf-token'.split(
    ' ',
  ),
);
/** Spoken by proxies only; a client that sends them speaks for somebody else. */
const PROXY_VOICE =
  /^(?:forwarded|via|x-forwarded(?:-.*)?|x-real-ip|x-client-ip|x-cluster-client-ip|true-client-ip|cf-connecting-ip|fastly-client-ip|x-envoy-.*|x-original-.*|remote-user|x-remote-.*|x-auth-request-.*|x-authenticated-.*|x-webauth-.*|x-sallyport-.*|impersonate-.*)$/;
/** Said to this gateway alone. */
const REASON = 'sallyport-reason';
/** They make a server do another thing than method and path say. */
const OVERRIDES = new Set(
  'x-http-method-override x-http-method x-method-override x-original-url x-rewrite-url x-original-uri x-override-url'.split(
    ' ',
  ),
);
const FIELD_NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
/** Visible ASCII, space, tab and the bytes above; no line ends. */
const FIELD_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

export interface RequestHeaders {
  /** To the policy and to the target: lower case, joined, nothing of the sets above. */
  readonly forwarded: Readonly<Record<string, string>>;
  /** The rest that the gateway itself reads. */
  readonly host: string | undefined;
  readonly authorization: string | undefined;
  readonly proxyAuthorization: string | undefined;
  /** Proof of the key a token is bound to (RFC 9449). */
  readonly dpop: string | undefined;
  /** Why the client says it does this. */
  readonly reason: string | undefined;
  readonly contentLength: string | undefined;
  readonly transferEncoding: string | undefined;
  readonly upgrade: string | undefined;
  readonly expect: string | undefined;
}

export type HeadersReading =
  | { readonly ok: true; readonly headers: RequestHeaders }
  | { readonly ok: false; readonly why: string };

/** Checks and sorts the raw header list (`[name, value, name, value, ...]`). */
export function readHeaders(raw: readonly string[], maxHeaders: number): HeadersReading {
  const no = (why: string): HeadersReading => ({ ok: false, why });
  if (raw.length / 2 > maxHeaders) return no(`there are more than ${maxHeaders} headers`);
  const all = new Map<string, string>();
  const folded = new Set<string>();
  for (let at = 0; at < raw.length; at += 2) {
    const name = (raw[at] ?? '').toLowerCase();
    const value = raw[at + 1] ?? '';
    if (!FIELD_NAME.test(name)) return no('a header name is not one');
    if (!FIELD_VALUE.test(value)) return no(`the header \`${name}\` holds control characters`);
    // Some servers read `_` as `-`: two names that become one there are a duplicate here.
    const plain = name.replaceAll('_', '-');
    if (plain !== name && isSpecial(plain)) return no(`the header \`${name}\` imitates another`);
    if (OVERRIDES.has(plain))
      return no(`the header \`${name}\` would change what the request does`);
    const before = all.get(name);
    if (before === undefined && folded.has(plain)) return no(`the header \`${plain}\` comes twice`);
    if (before !== undefined && !LISTS.has(name)) return no(`the header \`${name}\` comes twice`);
    folded.add(plain);
    all.set(name, before === undefined ? value.trim() : `${before}, ${value.trim()}`);
  }
  const dropped = new Set(
    (all.get('connection') ?? '').split(',').map((name) => name.trim().toLowerCase()),
  );
  const forwarded: Record<string, string> = Object.create(null);
  for (const [name, value] of all) {
    if (!isSpecial(name) && !dropped.has(name)) forwarded[name] = value;
  }
  const fault = findFramingFault(all);
  if (fault !== undefined) return no(fault);
  return {
    ok: true,
    headers: {
      forwarded,
      host: all.get('host'),
      authorization: all.get('authorization'),
      proxyAuthorization: all.get('proxy-authorization'),
      dpop: all.get('dpop'),
      reason: readReason(all.get(REASON)),
      contentLength: all.get('content-length'),
      transferEncoding: all.get('transfer-encoding'),
      upgrade: all.get('upgrade'),
      expect: all.get('expect'),
    },
  };
}

function isSpecial(name: string): boolean {
  return name === REASON || HOP_BY_HOP.has(name) || CREDENTIALS.has(name) || PROXY_VOICE.test(name);
}

/** Its bytes are UTF-8, which Node shows as Latin-1. */
function readReason(value: string | undefined): string | undefined {
  return value === undefined
    ? undefined
    : readClientReason(Buffer.from(value, 'latin1').toString('utf8'));
}

/** Two ways to say how long the body is, or one that is not plain. */
function findFramingFault(all: ReadonlyMap<string, string>): string | undefined {
  const length = all.get('content-length');
  const coding = all.get('transfer-encoding');
  if (length !== undefined && coding !== undefined) return 'the body has two lengths';
  if (length !== undefined && !/^\d{1,15}$/.test(length)) return 'the content length is no number';
  if (coding !== undefined && coding.toLowerCase() !== 'chunked') {
    return 'the transfer encoding is not `chunked`';
  }
  const expect = all.get('expect');
  if (expect !== undefined && expect.toLowerCase() !== '100-continue') {
    return 'the expectation is not `100-continue`';
  }
  return undefined;
}

/** Of a response: between the target and this gateway only, or an invitation to go round it. */
const RESPONSE_DROPPED = new Set(
  'connection keep-alive proxy-connection proxy-authenticate te trailer transfer-encoding upgrade alt-svc set-cookie set-cookie2 www-authenticate'.split(
    ' ',
  ),
);
/** Of a response whose body is masked: they speak of the unmasked bytes. */
const BODY_BOUND = new Set(
  'content-length content-md5 digest content-digest repr-digest etag accept-ranges'.split(' '),
);

export type ResponseHeaders = Record<string, string | string[]>;

/** The response headers that go to the client. */
export function rebuildResponseHeaders(
  headers: Readonly<Record<string, string | string[] | undefined>>,
  options: { readonly isMasked: boolean; readonly targetOrigin: string },
): ResponseHeaders {
  const named = headers['connection'] ?? '';
  const dropped = new Set(
    String(named)
      .split(',')
      .map((name) => name.trim().toLowerCase()),
  );
  const rebuilt: ResponseHeaders = Object.create(null);
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined || RESPONSE_DROPPED.has(name) || dropped.has(name)) continue;
    if (options.isMasked && BODY_BOUND.has(name)) continue;
    rebuilt[name] = value;
  }
  // A redirect to the target itself becomes one to the gateway.
  const { location } = rebuilt;
  if (typeof location === 'string' && location.startsWith(`${options.targetOrigin}/`)) {
    // One slash: two would name another host.
    rebuilt['location'] = location.slice(options.targetOrigin.length).replace(/^[/\\]+/, '/');
  }
  return rebuilt;
}
