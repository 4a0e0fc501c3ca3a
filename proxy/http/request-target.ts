/**
 * The request target in canonical form (RFC 3986, section 6.2; RFC 9112, section 3.2): what is decided on is what is sent. What two
 * readers could read in two ways is refused, not repaired. Pure.
 */

export interface CanonicalTarget {
  /** Percent-decoded once, dot segments resolved, no empty segments; a trailing slash is kept. */
  readonly path: string;
  readonly segments: readonly string[];
  readonly query: Readonly<Record<string, readonly string[]>>;
  /** Path and query as they are sent on. */
  readonly encoded: string;
  /** The authority of an absolute-form target; undefined for origin-form. */
  readonly authority: string | undefined;
}

export type TargetReading =
  | { readonly ok: true; readonly target: CanonicalTarget }
  | { readonly ok: false; readonly why: string };

const ABSOLUTE = /^https?:\/\/([^/?#]*)(.*)$/i;
/** Printable ASCII without what RFC 3986 has no place for in a path or query. */
const TARGET_TEXT = /^[!$-;=?-Z_a-z~[\]]*$/;
const ENCODED_TROUBLE = /%(?:2f|5c|00|2e)/i;
/** Left as they are in a segment: pchar without `;`, which some servers cut a segment at. */
const SEGMENT_ESCAPE = /[^A-Za-z0-9\-._~!$&'()*+,=:@]/gu;

/** C0, DEL and C1. */
const CONTROL = /\p{Cc}/u;
/** The same without tab, line feed and carriage return, which texts in parameters hold. */
const CONTROL_BUT_LINES = /(?![\t\n\r])\p{Cc}/u;

/** Reads a target in origin-form or absolute-form. */
export function readTarget(raw: string, maxParameters: number): TargetReading {
  const no = (why: string): TargetReading => ({ ok: false, why });
  const absolute = ABSOLUTE.exec(raw);
  const local = absolute === null ? raw : absolute[2] || '/';
  if (!local.startsWith('/')) return no('the request target is not a path');
  if (local.includes('%') && !/^(?:[^%]|%[0-9A-Fa-f]{2})*$/.test(local)) {
    return no('the request target has a broken percent-encoding');
  }
  if (!TARGET_TEXT.test(local.replaceAll('%', ''))) {
    return no('the request target has characters that must be percent-encoded');
  }
  const mark = local.indexOf('?');
  const rawPath = mark < 0 ? local : local.slice(0, mark);
  if (ENCODED_TROUBLE.test(rawPath)) {
    return no('the path has an encoded slash, backslash, dot or NUL');
  }
  if (rawPath.includes(';')) return no('the path has a `;`, which servers read in different ways');
  const segments = resolveSegments(rawPath);
  if (typeof segments === 'string') return no(segments);
  const query = mark < 0 ? [] : readPairs(local.slice(mark + 1), maxParameters);
  if (typeof query === 'string') return no(`the query ${query}`);
  const slash = rawPath !== '/' && /\/(?:\.{0,2})$/.test(rawPath) && segments.length > 0 ? '/' : '';
  const encodedPath = `/${segments.map(encodeSegment).join('/')}${slash}`;
  const encodedQuery = mark < 0 ? '' : `?${query.map(encodePair).join('&')}`;
  return {
    ok: true,
    target: {
      path: `/${segments.join('/')}${slash}`,
      segments,
      query: groupPairs(query),
      encoded: encodedPath + encodedQuery,
      authority: absolute?.[1],
    },
  };
}

/** The decoded segments, or why there are none. */
function resolveSegments(rawPath: string): string[] | string {
  const segments: string[] = [];
  const raw = rawPath.slice(1).split('/');
  for (const [at, part] of raw.entries()) {
    if (part === '' && at === raw.length - 1) continue;
    if (part === '') return 'the path has an empty segment';
    if (part === '.') continue;
    if (part === '..') {
      if (segments.pop() === undefined) return 'the path leaves its root';
      continue;
    }
    const decoded = decode(part);
    if (decoded === undefined) return 'the path is not UTF-8, or holds control characters';
    if (/%[0-9A-Fa-f]{2}/.test(decoded)) return 'the path is percent-encoded twice';
    segments.push(decoded);
  }
  return segments;
}

export interface Pair {
  readonly name: string;
  /** Undefined where no `=` was written. */
  readonly value: string | undefined;
}

/** `a=1&b` as pairs (WHATWG URL, section 5.1), or why not. */
export function readPairs(text: string, maxPairs: number): readonly Pair[] | string {
  if (text === '') return [];
  const parts = text.split('&');
  if (parts.length > maxPairs) return `has more than ${maxPairs} parameters`;
  const pairs: Pair[] = [];
  for (const part of parts) {
    const equals = part.indexOf('=');
    const name = decode((equals < 0 ? part : part.slice(0, equals)).replaceAll('+', ' '));
    const value = equals < 0 ? '' : decode(part.slice(equals + 1).replaceAll('+', ' '), true);
    if (name === undefined || value === undefined)
      return 'is not UTF-8, or holds control characters';
    pairs.push({ name, value: equals < 0 ? undefined : value });
  }
  return pairs;
}

/** Pairs by name, in an object without a prototype. */
export function groupPairs(pairs: readonly Pair[]): Record<string, readonly string[]> {
  const grouped: Record<string, string[]> = Object.create(null);
  for (const { name, value } of pairs) {
    const values = grouped[name] ?? [];
    values.push(value ?? '');
    grouped[name] = values;
  }
  return grouped;
}

function decode(text: string, isMultiLine = false): string | undefined {
  let decoded: string;
  try {
    decoded = decodeURIComponent(text);
  } catch {
    return undefined;
  }
  const control = isMultiLine ? CONTROL_BUT_LINES : CONTROL;
  return control.test(decoded) ? undefined : decoded;
}

function encodeSegment(segment: string): string {
  return segment.replace(SEGMENT_ESCAPE, (character) => encodeURIComponent(character));
}

function encodePair({ name, value }: Pair): string {
  return value === undefined
    ? encodeURIComponent(name)
    : `${encodeURIComponent(name)}=${encodeURIComponent(value)}`;
}
