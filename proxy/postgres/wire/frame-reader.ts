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

/** Largest body this tag may have now; undefined for a tag that is not known or not expected. */
export type FrameCap = (tag: number) => number | undefined;

export class FrameReader {
  readonly #fault: ProxyErrorCode;
  #chunks: Buffer[] = [];
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
    this.#chunks.push(chunk);
    this.#held += chunk.length;
  }

  /** The next whole frame, or undefined until more bytes come. Throws the coded fault for a tag or length out of bounds. */
  next(cap: FrameCap): Frame | undefined {
    if (this.#held < HEADER_BYTES) return undefined;
    const head = this.#front(HEADER_BYTES);
    const tag = head.readUInt8(0);
    const limit = cap(tag);
    if (limit === undefined) {
      throw new ProxyError(this.#fault, `unexpected message type 0x${tag.toString(16)}`);
    }
    const length = head.readUInt32BE(1) - 4;
    if (length < 0 || length > limit) {
      throw new ProxyError(
        this.#fault,
        `message type 0x${tag.toString(16)} has a length of ${length + 4}; the limit is ${limit + 4}`,
      );
    }
    if (this.#held < HEADER_BYTES + length) return undefined;
    const whole = this.#take(HEADER_BYTES + length);
    return { tag, body: whole.subarray(HEADER_BYTES) };
  }

  /** Everything not yet given out; the reader is empty afterwards. */
  drain(): Buffer {
    return this.#take(this.#held);
  }

  /** The first chunk, grown until it holds `count` bytes. */
  #front(count: number): Buffer {
    const first = this.#chunks[0];
    if (first !== undefined && first.length >= count) return first;
    let have = 0;
    let take = 0;
    while (have < count) have += this.#chunks[take++]?.length ?? count;
    const joined = Buffer.concat(this.#chunks.slice(0, take));
    this.#chunks.splice(0, take, joined);
    return joined;
  }

  #take(count: number): Buffer {
    if (count === 0) return Buffer.alloc(0);
    const front = this.#front(count);
    if (front.length === count) this.#chunks.shift();
    else this.#chunks[0] = front.subarray(count);
    this.#held -= count;
    return front.subarray(0, count);
  }
}
