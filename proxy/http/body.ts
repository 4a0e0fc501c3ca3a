/**
 * Request bodies: held whole within a bound, because the decision, the digest and what is sent on must be of the same bytes.
 * JSON and forms are parsed for the policy; what calls itself JSON and is not exactly that is refused.
 */
import type { IncomingMessage } from 'node:http';
import { ProxyError } from '../error.ts';
import { createJsonScanner } from '../mask/json-scanner.ts';
import type { HttpLimits } from './limits.ts';
import { groupPairs, readPairs } from './request-target.ts';

/** Bytes of request bodies held by all connections of a server. */
export interface BodyBudget {
  held: number;
}

export interface HeldBody {
  readonly bytes: Buffer;
  release(): void;
}

export type BodyReading =
  | { readonly ok: true; readonly body: HeldBody }
  | { readonly ok: false; readonly status: number; readonly code: string; readonly why: string };

/** Reads the body to its end. Rejects when the client goes away. */
export async function readBody(
  request: IncomingMessage,
  budget: BodyBudget,
  limits: HttpLimits,
): Promise<BodyReading> {
  const chunks: Buffer[] = [];
  let size = 0;
  const release = (): void => {
    budget.held -= size;
    size = 0;
  };
  const declared = Number(request.headers['content-length'] ?? 0);
  if (declared > limits.maxBodyBytes) return tooLarge(limits.maxBodyBytes);
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.length;
      budget.held += chunk.length;
      if (size > limits.maxBodyBytes) {
        release();
        return tooLarge(limits.maxBodyBytes);
      }
      if (budget.held > limits.maxHeldBodyBytes) {
        release();
        const why = 'the gateway holds too many request bodies';
        return { ok: false, status: 503, code: 'limit/held-bodies', why };
      }
      chunks.push(chunk);
    }
  } catch (error) {
    release();
    throw error;
  }
  return { ok: true, body: { bytes: Buffer.concat(chunks), release } };
}

function tooLarge(most: number): BodyReading {
  const why = `the body is larger than ${most} bytes`;
  return { ok: false, status: 413, code: 'limit/body', why };
}

export type BodyParsing =
  | { readonly ok: true; readonly body: unknown }
  | { readonly ok: false; readonly status: number; readonly code: string; readonly why: string };

/** The body as the policy sees it; `undefined` when it is of a type the gateway does not read. */
export function parseBody(
  bytes: Buffer,
  headers: Readonly<Record<string, string>>,
  limits: HttpLimits,
): BodyParsing {
  if (bytes.length === 0) return { ok: true, body: undefined };
  const coding = headers['content-encoding'];
  if (coding !== undefined && coding.toLowerCase() !== 'identity') {
    return unreadable(415, 'http/encoded-body', 'a compressed request body cannot be decided on');
  }
  const type = headers['content-type'];
  const media = type === undefined ? undefined : readMediaType(type);
  if (type !== undefined && media === undefined) {
    return unreadable(415, 'http/content-type', 'the content type is not one');
  }
  const isForm = media?.essence === 'application/x-www-form-urlencoded';
  const isDeclared = isForm || (media !== undefined && isJson(media.essence));
  if (isDeclared && bytes.length > limits.maxParsedBodyBytes) {
    const why = `a JSON or form body larger than ${limits.maxParsedBodyBytes} bytes`;
    return unreadable(413, 'limit/parsed-body', why);
  }
  if (!isDeclared) {
    // Many services read JSON whatever its type says, so the policy sees it too.
    if (!looksLikeJson(bytes)) return { ok: true, body: undefined };
    if (bytes.length > limits.maxParsedBodyBytes) {
      const why = `a body that looks like JSON larger than ${limits.maxParsedBodyBytes} bytes`;
      return unreadable(413, 'limit/parsed-body', why);
    }
    const parsed = parseJson(withoutMark(bytes));
    if (parsed.ok) return { ok: true, body: parsed.value };
    return parsed.isAmbiguous
      ? unreadable(400, 'http/body', `the body looks like JSON, and ${parsed.why}`)
      : { ok: true, body: undefined };
  }
  if (media?.charset !== undefined && media.charset !== 'utf-8') {
    return unreadable(415, 'http/charset', 'a body that is not UTF-8 cannot be decided on');
  }
  if (isForm) return parseForm(bytes, limits);
  const parsed = parseJson(bytes);
  if (parsed.ok) return { ok: true, body: parsed.value };
  return unreadable(400, 'http/body', `the body cannot be read as JSON: ${parsed.why}`);
}

const UTF8_MARK = Buffer.from([0xef, 0xbb, 0xbf]);
const JSON_SPACE: ReadonlySet<number> = new Set([0x20, 0x09, 0x0a, 0x0d]);

function withoutMark(bytes: Buffer): Buffer {
  return bytes.subarray(0, UTF8_MARK.length).equals(UTF8_MARK)
    ? bytes.subarray(UTF8_MARK.length)
    : bytes;
}

/** True when the first thing in it is an object or array, however much white space stands before. */
function looksLikeJson(bytes: Buffer): boolean {
  const first = withoutMark(bytes).find((byte) => !JSON_SPACE.has(byte));
  return first === 0x7b || first === 0x5b;
}

function parseForm(bytes: Buffer, limits: HttpLimits): BodyParsing {
  const text = bytes.toString('latin1');
  const isPlain = /^[\x20-\x7e]*$/.test(text) && /^(?:[^%]|%[0-9A-Fa-f]{2})*$/.test(text);
  const pairs = isPlain ? readPairs(text, limits.maxParameters) : 'is not percent-encoded';
  if (typeof pairs === 'string') return unreadable(400, 'http/body', `the form ${pairs}`);
  return { ok: true, body: groupPairs(pairs) };
}

type JsonParsing =
  | { readonly ok: true; readonly value: unknown }
  /** `isAmbiguous`: it is JSON that two readers take for different values. */
  | { readonly ok: false; readonly why: string; readonly isAmbiguous: boolean };

/** Strict JSON without a duplicate member: two readers would take different ones. */
function parseJson(bytes: Buffer): JsonParsing {
  const members: Set<string>[] = [];
  let duplicate: string | undefined;
  const scanner = createJsonScanner(
    {
      openObject: () => void members.push(new Set()),
      openArray: () => void members.push(new Set()),
      close: () => void members.pop(),
      key: (name) => {
        const names = members.at(-1);
        if (names?.has(name)) duplicate ??= name;
        names?.add(name);
      },
      wants: () => false,
      replace: (raw) => raw,
    },
    false,
  );
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    scanner.write(bytes);
    scanner.end();
    if (duplicate !== undefined)
      return { ok: false, why: 'a member comes twice', isAmbiguous: true };
    return { ok: true, value: JSON.parse(text) };
  } catch (error) {
    const why = error instanceof ProxyError ? error.message : 'it is not UTF-8';
    return { ok: false, why, isAmbiguous: false };
  }
}

function unreadable(status: number, code: string, why: string): BodyParsing {
  return { ok: false, status, code, why };
}

export interface MediaType {
  /** `type/subtype`, lower case. */
  readonly essence: string;
  readonly charset: string | undefined;
}

/** A media type (RFC 9110, section 8.3.1); undefined when the field is not exactly one. */
export function readMediaType(field: string): MediaType | undefined {
  const [first = '', ...parameters] = field.split(';');
  const essence = first.trim().toLowerCase();
  if (!/^[!#$&^_.+\-a-z0-9]+\/[!#$&^_.+\-a-z0-9]+$/.test(essence) || field.includes(',')) {
    return undefined;
  }
  const charsets = parameters
    .map((parameter) => /^\s*charset\s*=\s*"?([^"]*?)"?\s*$/i.exec(parameter)?.[1]?.toLowerCase())
    .filter((charset) => charset !== undefined);
  if (charsets.length > 1) return undefined;
  return { essence, charset: charsets[0] };
}

export function isJson(essence: string): boolean {
  return essence === 'application/json' || essence === 'text/json' || essence.endsWith('+json');
}
