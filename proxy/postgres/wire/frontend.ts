/**
 * What a client may say after it has a session: frame -> message. Bounded by type; an unknown tag closes the connection.
 * PostgreSQL documentation, "Message Formats". It must not write bytes (`frontend-encode.ts` does).
 */
import {
  MAX_BIND_BYTES,
  MAX_COPY_DATA_BYTES,
  MAX_PASSWORD_BYTES,
  MAX_QUERY_BYTES,
  MAX_SMALL_BYTES,
} from '../limits.ts';
import { ByteReader } from './byte-reader.ts';
import type { Frame } from './frame-reader.ts';

export type FormatCode = 0 | 1;

export interface Parse {
  readonly type: 'parse';
  readonly name: string;
  readonly text: string;
  readonly parameterTypes: readonly number[];
}

export interface Bind {
  readonly type: 'bind';
  readonly portal: string;
  readonly statement: string;
  readonly parameterFormats: readonly FormatCode[];
  /** `null` for NULL. */
  readonly parameters: readonly (Buffer | null)[];
  readonly resultFormats: readonly FormatCode[];
}

export type FrontendMessage =
  | { readonly type: 'query'; readonly text: string }
  | Parse
  | Bind
  | {
      readonly type: 'describe' | 'close';
      readonly what: 'statement' | 'portal';
      readonly name: string;
    }
  | { readonly type: 'execute'; readonly portal: string; readonly maxRows: number }
  | { readonly type: 'flush' }
  | { readonly type: 'sync' }
  | { readonly type: 'terminate' | 'copy-done' }
  | { readonly type: 'copy-data'; readonly data: Buffer }
  | { readonly type: 'copy-fail'; readonly reason: string }
  | { readonly type: 'function-call' }
  | { readonly type: 'password'; readonly text: string };

const tagOf = (letter: string): number => letter.charCodeAt(0);

const CAPS: ReadonlyMap<number, number> = new Map(
  Object.entries({
    Q: MAX_QUERY_BYTES,
    P: MAX_QUERY_BYTES,
    B: MAX_BIND_BYTES,
    d: MAX_COPY_DATA_BYTES,
    F: MAX_SMALL_BYTES,
    D: MAX_SMALL_BYTES,
    C: MAX_SMALL_BYTES,
    E: MAX_SMALL_BYTES,
    f: MAX_SMALL_BYTES,
    H: 0,
    S: 0,
    X: 0,
    c: 0,
  }).map(([letter, cap]) => [tagOf(letter), cap]),
);

/** Caps in an admitted session. */
export function sessionCap(tag: number): number | undefined {
  return CAPS.get(tag);
}

/** While the password is awaited nothing else is expected but a goodbye. */
export function passwordCap(tag: number): number | undefined {
  if (tag === tagOf('p')) return MAX_PASSWORD_BYTES;
  return tag === tagOf('X') ? 0 : undefined;
}

/** The message in a frame. Throws `client/protocol` for a body that does not hold exactly the fields of its type. */
export function readFrontendMessage(frame: Frame): FrontendMessage {
  const reader = new ByteReader(frame.body, 'client/protocol');
  const message = readBody(String.fromCharCode(frame.tag), reader);
  reader.end();
  return message;
}

function readBody(tag: string, reader: ByteReader): FrontendMessage {
  switch (tag) {
    case 'Q':
      return { type: 'query', text: reader.text() };
    case 'P':
      return readParse(reader);
    case 'B':
      return readBind(reader);
    case 'D':
      return { type: 'describe', what: readTarget(reader), name: reader.text() };
    case 'C':
      return { type: 'close', what: readTarget(reader), name: reader.text() };
    case 'E':
      return { type: 'execute', portal: reader.text(), maxRows: reader.int32() };
    case 'H':
      return { type: 'flush' };
    case 'S':
      return { type: 'sync' };
    case 'X':
      return { type: 'terminate' };
    case 'd':
      return { type: 'copy-data', data: reader.bytes(reader.left) };
    case 'c':
      return { type: 'copy-done' };
    case 'f':
      return { type: 'copy-fail', reason: reader.text() };
    case 'F':
      reader.bytes(reader.left);
      return { type: 'function-call' };
    case 'p':
      return { type: 'password', text: reader.text() };
    default:
      return reader.fail(`unknown type ${JSON.stringify(tag)}`);
  }
}

/** String(name) String(text) Int16(count) Int32[count](type oid). */
function readParse(reader: ByteReader): Parse {
  const name = reader.text();
  const text = reader.text();
  const count = reader.count(4);
  const parameterTypes = Array.from({ length: count }, () => reader.uint32());
  return { type: 'parse', name, text, parameterTypes };
}

/** String(portal) String(statement) formats Int16(count) { Int32(length or -1) bytes }[count] formats. */
function readBind(reader: ByteReader): Bind {
  const portal = reader.text();
  const statement = reader.text();
  const parameterFormats = readFormats(reader);
  const count = reader.count(4);
  const parameters: (Buffer | null)[] = [];
  for (let index = 0; index < count; index += 1) {
    const length = reader.int32();
    parameters.push(length === -1 ? null : reader.bytes(length));
  }
  if (parameterFormats.length > 1 && parameterFormats.length !== count) {
    reader.fail(`${parameterFormats.length} parameter formats for ${count} parameters`);
  }
  return {
    type: 'bind',
    portal,
    statement,
    parameterFormats,
    parameters,
    resultFormats: readFormats(reader),
  };
}

function readFormats(reader: ByteReader): FormatCode[] {
  return Array.from({ length: reader.count(2) }, () => {
    const code = reader.int16();
    return code === 0 || code === 1 ? code : reader.fail(`a format code of ${code}`);
  });
}

function readTarget(reader: ByteReader): 'statement' | 'portal' {
  const what = reader.int8();
  if (what === tagOf('S')) return 'statement';
  return what === tagOf('P') ? 'portal' : reader.fail(`a target of ${what}`);
}
