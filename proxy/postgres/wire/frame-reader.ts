/**
 * Cuts a byte stream into tagged messages: Byte1(tag) Int32(length, itself included) body. The length is judged as soon as the
 * five bytes are there, before anything is kept. Incremental: any cut of the input gives the same frames.
 *
 * It must not interpret bodies. PostgreSQL documentation, "Message Formats".
 */
import { ProxyError, type ProxyErrorCode } from '../../error.ts';

export interface Frame {
  /** The tag byte. */
  readonly tag: number;
  readonly body: Buffer;
}

const HEADER_BYTES = 5;
const EMPTY = Buffer.alloc(0);

/** Largest body this tag may have now; undefined for a tag that is not known or not expected. */
export type FrameCap = (tag: number) => number | undefined;

export class FrameReader {
  readonly #fault: ProxyErrorCode;
  /** What is read from now, from `#at` on; the chunks behind it came later. */
  #chunk: Buffer = EMPTY;
  #at = 0;
  #later: Buffer[] = [];
  #held = 0;

  /** `fault` is the code thrown for a tag or length out of bounds: `client/protocol` or `target/protocol`. */
  constructor(fault: ProxyErrorCode) {
    this.#fault = fault;
  }

  /** Bytes received and not yet given out. */
  get buffered(): number {
    return this.#held;
  }

  push(chunk: Buffer): void {
    if (chunk.length === 0) return;
    if (this.#held === 0) {
      this.#chunk = chunk;
      this.#at = 0;
    } else this.#later.push(chunk);
    this.#held += chunk.length;
  }

  /** The next whole frame, or undefined until more bytes come. Throws the coded fault for a tag or length out of bounds. */
  next(cap: FrameCap): Frame | undefined {
    if (this.#held < HEADER_BYTES) return undefined;
    this.#gather(HEADER_BYTES);
    const tag = this.#chunk.readUInt8(this.#at);
    const limit = cap(tag);
    if (limit === undefined) {
      throw new ProxyError(this.#fault, `unexpected message type 0x${tag.toString(16)}`);
    }
    const length = this.#chunk.readUInt32BE(this.#at + 1) - 4;
    if (length < 0 || length > limit) {
      throw new ProxyError(
        this.#fault,
        `message type 0x${tag.toString(16)} has a length of ${length + 4}; the limit is ${limit + 4}`,
      );
    }
    if (this.#held < HEADER_BYTES + length) return undefined;
    return { tag, body: this.#take(HEADER_BYTES + length, HEADER_BYTES) };
  }

  /** Everything not yet given out; the reader is empty afterwards. */
  drain(): Buffer {
    return this.#take(this.#held, 0);
  }

  /** Makes the first `count` bytes lie in one piece. */
  #gather(count: number): void {
    const here = this.#chunk.length - this.#at;
    if (here >= count) return;
    let have = here;
    let take = 0;
    while (have < count) have += this.#later[take++]?.length ?? count;
    const parts = this.#later.splice(0, take);
    this.#chunk = Buffer.concat([this.#chunk.subarray(this.#at), ...parts]);
    this.#at = 0;
  }

  /** A view of the next `count` bytes without the first `skipped` of them. */
  #take(count: number, skipped: number): Buffer {
    this.#gather(count);
    const end = this.#at + count;
    const taken = this.#chunk.subarray(this.#at + skipped, end);
    this.#at = end;
    this.#held -= count;
    // What was given out must not be kept alive by a reader that waits.
    if (this.#held === 0) {
      this.#chunk = EMPTY;
      this.#at = 0;
    }
    return taken;
  }
}
