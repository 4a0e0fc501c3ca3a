/**
 * A strict JSON scanner (RFC 8259) that copies what it reads and lets a handler replace scalars on the way. It holds one
 * token at most, never a document. Anything that is not exactly JSON is a `ProxyError`: a lenient reader further on could see
 * values where this one saw none.
 */
import { ProxyError } from '../error.ts';

export interface JsonHandler {
  openObject(): void;
  openArray(): void;
  /** The innermost object or array ends. */
  close(): void;
  /** A member name of the innermost object, unescaped. */
  key(name: string): void;
  /** A scalar begins; true asks for its text and replaces it by what `replace` returns. */
  wants(): boolean;
  /** `raw` is the scalar as written, quotes and escapes included. Returns JSON. */
  replace(raw: string): string;
}

export interface JsonScannerLimits {
  readonly maxDepth: number;
  /** Bytes of a member name, number or replaced string. */
  readonly maxTokenBytes: number;
}

export const DEFAULT_JSON_LIMITS: JsonScannerLimits = {
  maxDepth: 128,
  maxTokenBytes: 1024 * 1024,
};

export interface JsonScanner {
  /** Takes the next bytes, gives what can be passed on. */
  write(chunk: Buffer): Buffer;
  /** The input ends here; throws when the text is not complete. */
  end(): Buffer;
}

type Expect = 'value' | 'value-or-end' | 'key' | 'key-or-end' | 'colon' | 'comma-or-end' | 'done';
type Token = 'none' | 'key' | 'string' | 'bare';

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const BARE = /[-+.0-9A-Za-z]/;
const IS_BARE: readonly boolean[] = Array.from({ length: 256 }, (_, byte) =>
  BARE.test(String.fromCharCode(byte)),
);
const ESCAPES = new Set([...'"\\/bfnrtu'].map((letter) => letter.charCodeAt(0)));
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** `many`: documents one after another, apart by white space (NDJSON); otherwise exactly one. */
export function createJsonScanner(
  handler: JsonHandler,
  many: boolean,
  limits: JsonScannerLimits = DEFAULT_JSON_LIMITS,
): JsonScanner {
  const stack: ('object' | 'array')[] = [];
  let expect: Expect = 'value';
  let documents = 0;
  let token: Token = 'none';
  /** The token's text is collected. */
  let isKept = false;
  /** The token is replaced: its bytes do not go on. */
  let isReplaced = false;
  let parts: Buffer[] = [];
  let kept = 0;
  /** 0 none, 1 after a backslash, 2-5 hexadecimal digits to come. */
  let escaping = 0;

  const fault = (what: string): ProxyError =>
    new ProxyError('target/protocol', `not JSON: ${what}`);

  function keep(bytes: Buffer): void {
    kept += bytes.length;
    if (kept > limits.maxTokenBytes) {
      throw new ProxyError(
        'limit/exceeded',
        `a JSON token of more than ${limits.maxTokenBytes} bytes`,
      );
    }
    parts.push(Buffer.from(bytes));
  }

  function takeKept(): string {
    const text = Buffer.concat(parts).toString('utf8');
    parts = [];
    kept = 0;
    return text;
  }

  function afterValue(): void {
    expect = stack.length > 0 ? 'comma-or-end' : 'done';
    if (stack.length === 0) documents += 1;
  }

  function open(kind: 'object' | 'array'): void {
    if (stack.length >= limits.maxDepth) {
      throw new ProxyError('limit/exceeded', `JSON nested deeper than ${limits.maxDepth}`);
    }
    stack.push(kind);
    if (kind === 'object') handler.openObject();
    else handler.openArray();
    expect = kind === 'object' ? 'key-or-end' : 'value-or-end';
  }

  function close(kind: 'object' | 'array'): void {
    const isExpected =
      expect === 'comma-or-end' || expect === (kind === 'object' ? 'key-or-end' : 'value-or-end');
    if (!isExpected || stack.pop() !== kind) throw fault('a bracket closes nothing');
    handler.close();
    afterValue();
  }

  function beginToken(byte: number): void {
    if (byte === QUOTE && (expect === 'key' || expect === 'key-or-end')) {
      token = 'key';
      isKept = true;
      return;
    }
    if (expect === 'done' && many) expect = 'value';
    if (expect !== 'value' && expect !== 'value-or-end')
      throw fault('a value where none can stand');
    isReplaced = handler.wants();
    token = byte === QUOTE ? 'string' : 'bare';
    isKept = isReplaced || token === 'bare';
  }

  /** Ends the token; its replacement, or undefined when it goes on as it is. */
  function endToken(): Buffer | undefined {
    const was = token;
    const raw = isKept ? takeKept() : '';
    token = 'none';
    isKept = false;
    if (was === 'key') {
      handler.key(JSON.parse(raw) as string);
      expect = 'colon';
      return undefined;
    }
    if (
      was === 'bare' &&
      raw !== 'true' &&
      raw !== 'false' &&
      raw !== 'null' &&
      !NUMBER.test(raw)
    ) {
      throw fault('a word that is no value');
    }
    afterValue();
    if (!isReplaced) return undefined;
    isReplaced = false;
    return Buffer.from(handler.replace(raw));
  }

  function structure(byte: number): void {
    switch (byte) {
      case 0x7b:
      case 0x5b:
        if (expect === 'done' && many) expect = 'value';
        if (expect !== 'value' && expect !== 'value-or-end') throw fault('a bracket out of place');
        open(byte === 0x7b ? 'object' : 'array');
        return;
      case 0x7d:
        close('object');
        return;
      case 0x5d:
        close('array');
        return;
      case 0x3a:
        if (expect !== 'colon') throw fault('a colon out of place');
        expect = 'value';
        return;
      case 0x2c:
        if (expect !== 'comma-or-end') throw fault('a comma out of place');
        expect = stack.at(-1) === 'object' ? 'key' : 'value';
        return;
      case 0x20:
      case 0x09:
      case 0x0a:
      case 0x0d:
        return;
      default:
        throw fault(`the byte ${byte} out of place`);
    }
  }

  /** One byte inside a string after its opening quote; true when it closes the string. */
  function inString(byte: number): boolean {
    if (escaping === 1) {
      if (!ESCAPES.has(byte)) throw fault('an unknown escape');
      escaping = byte === 0x75 ? 5 : 0;
      return false;
    }
    if (escaping > 1) {
      if (!/[0-9a-fA-F]/.test(String.fromCharCode(byte))) throw fault('an unknown escape');
      escaping = escaping === 2 ? 0 : escaping - 1;
      return false;
    }
    if (byte === BACKSLASH) escaping = 1;
    else if (byte < 0x20) throw fault('a control character in a string');
    return byte === QUOTE;
  }

  function write(chunk: Buffer): Buffer {
    const out: Buffer[] = [];
    // Where what is passed on as it is began, and where the token began, within this chunk.
    let from = 0;
    let tokenAt = 0;
    let at = 0;
    const finish = (end: number): void => {
      if (isKept) keep(chunk.subarray(tokenAt, end));
      const wasReplaced = isReplaced;
      const replacement = endToken();
      if (!wasReplaced) return;
      if (replacement !== undefined) out.push(replacement);
      from = end;
    };
    while (at < chunk.length) {
      const byte = chunk[at] ?? 0;
      if (token === 'none') {
        if (byte !== QUOTE && !IS_BARE[byte]) {
          structure(byte);
          at += 1;
          continue;
        }
        beginToken(byte);
        tokenAt = at;
        if (isReplaced) out.push(chunk.subarray(from, at));
        if (byte === QUOTE) at += 1;
      } else if (token === 'bare') {
        if (IS_BARE[byte]) at += 1;
        else finish(at);
      } else {
        at += 1;
        if (inString(byte)) finish(at);
      }
    }
    if (token !== 'none' && isKept) keep(chunk.subarray(tokenAt));
    if (token === 'none' || !isReplaced) out.push(chunk.subarray(from));
    return Buffer.concat(out);
  }

  const isBetweenDocuments = (): boolean =>
    token === 'none' && stack.length === 0 && (expect === 'done' || (many && documents === 0));

  function end(): Buffer {
    const rest = token === 'bare' ? endToken() : undefined;
    if (!isBetweenDocuments()) throw fault('it ends too early');
    return rest ?? Buffer.alloc(0);
  }

  return { write, end };
}
