/**
 * The way of the server's bytes to the client. Messages are found, not copied: what goes on unchanged goes on as the bytes
 * that came, several messages in one piece; a message that must be seen whole is held until it is whole.
 *
 * Any cut of the input gives the same output. It must not know what the messages mean.
 */
import { ProxyError } from '../../error.ts';
import { MAX_WHOLE_BACKEND_BYTES } from '../limits.ts';

const HEADER_BYTES = 5;

export interface BackendReader {
  /** At each header: `stream` lets the body pass unseen, `whole` asks for it. Throws `target/protocol` for what may not come. */
  begin(tag: number, bodyBytes: number): 'stream' | 'whole';
  /** A whole message: true lets it go on as it is, bytes go on in its place (none: it is dropped). */
  whole(tag: number, body: Buffer): true | Buffer;
}

export class BackendStream {
  readonly #reader: BackendReader;
  /** Start of a message that is not whole yet. */
  #held: Buffer[] = [];
  #heldBytes = 0;
  /** Bytes the held message needs in all; 5 until its header is known. */
  #needed = HEADER_BYTES;
  /** Bytes of a streamed body still to come. */
  #streaming = 0;

  constructor(reader: BackendReader) {
    this.#reader = reader;
  }

  /** True between messages as the client sees them: only then may anything be put in. */
  get atBoundary(): boolean {
    return this.#streaming === 0;
  }

  /** What goes to the client for these bytes, in order. */
  push(chunk: Buffer): Buffer[] {
    const out: Buffer[] = [];
    let at = 0;
    if (this.#heldBytes > 0) at = this.#resume(chunk, out);
    let runStart = at;
    while (at < chunk.length) {
      if (this.#streaming > 0) {
        const step = Math.min(this.#streaming, chunk.length - at);
        this.#streaming -= step;
        at += step;
        continue;
      }
      const left = chunk.length - at;
      if (left < HEADER_BYTES) break;
      const body = readBodyLength(chunk, at);
      const tag = chunk.readUInt8(at);
      if (this.#reader.begin(tag, body) === 'stream') {
        this.#streaming = body;
        at += HEADER_BYTES;
        continue;
      }
      assertWhole(tag, body);
      if (left < HEADER_BYTES + body) {
        this.#needed = HEADER_BYTES + body;
        break;
      }
      const end = at + HEADER_BYTES + body;
      const answer = this.#reader.whole(tag, chunk.subarray(at + HEADER_BYTES, end));
      if (answer !== true) {
        if (at > runStart) out.push(chunk.subarray(runStart, at));
        if (answer.length > 0) out.push(answer);
        runStart = end;
      }
      at = end;
    }
    if (at > runStart) out.push(chunk.subarray(runStart, at));
    if (at < chunk.length) this.#hold(Buffer.from(chunk.subarray(at)));
    return out;
  }

  #hold(bytes: Buffer): void {
    this.#held.push(bytes);
    this.#heldBytes += bytes.length;
  }

  /** Completes the held message from the start of a chunk; gives the offset behind what it took. */
  #resume(chunk: Buffer, out: Buffer[]): number {
    let at = 0;
    const fill = (): boolean => {
      const step = Math.min(this.#needed - this.#heldBytes, chunk.length - at);
      if (step > 0) this.#hold(Buffer.from(chunk.subarray(at, at + step)));
      at += step;
      return this.#heldBytes >= this.#needed;
    };
    const headerKnown = this.#heldBytes >= HEADER_BYTES;
    if (!fill()) return at;
    if (!headerKnown) {
      const head = Buffer.concat(this.#held);
      const body = readBodyLength(head, 0);
      const tag = head.readUInt8(0);
      if (this.#reader.begin(tag, body) === 'stream') {
        this.#release();
        out.push(head);
        this.#streaming = body;
        return at;
      }
      assertWhole(tag, body);
      this.#needed = HEADER_BYTES + body;
      if (!fill()) return at;
    }
    const message = Buffer.concat(this.#held);
    this.#release();
    const answer = this.#reader.whole(message.readUInt8(0), message.subarray(HEADER_BYTES));
    if (answer === true) out.push(message);
    else if (answer.length > 0) out.push(answer);
    return at;
  }

  #release(): void {
    this.#held = [];
    this.#heldBytes = 0;
    this.#needed = HEADER_BYTES;
  }
}

function readBodyLength(bytes: Buffer, at: number): number {
  const length = bytes.readUInt32BE(at + 1) - 4;
  if (length < 0)
    throw new ProxyError('target/protocol', `the server sent a length of ${length + 4}`);
  return length;
}

function assertWhole(tag: number, body: number): void {
  if (body <= MAX_WHOLE_BACKEND_BYTES) return;
  throw new ProxyError(
    'limit/exceeded',
    `the server sent ${body} bytes in one message of type ${String.fromCharCode(tag)}; the limit is ${MAX_WHOLE_BACKEND_BYTES}`,
  );
}
