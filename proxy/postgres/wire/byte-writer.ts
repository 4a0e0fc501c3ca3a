/**
 * Builds messages: tag, length, fields. The length is that of what was written, so it cannot be patched to a wrong one.
 * It must not know any message.
 */

/** Byte1(tag) Int32(length): room that is kept free in front of the fields. */
const HEADER_BYTES = 5;
/** Enough for a Bind with a few parameters; more grows it. */
const FIRST_BYTES = 128;
/** UTF-8 needs three bytes for a UTF-16 unit at most. */
const MAX_BYTES_PER_UNIT = 3;
/** Below this a text is cheaper to write by the worst case of its size than to measure first. */
const SHORT_TEXT = 32;

export class MessageBuilder {
  #bytes: Buffer = Buffer.allocUnsafe(FIRST_BYTES);
  #end = HEADER_BYTES;

  raw(bytes: Buffer): this {
    this.#reserve(bytes.length);
    bytes.copy(this.#bytes, this.#end);
    this.#end += bytes.length;
    return this;
  }

  int8(value: number): this {
    this.#reserve(1);
    this.#bytes[this.#end] = value & 0xff;
    this.#end += 1;
    return this;
  }

  int16(value: number): this {
    this.#reserve(2);
    const low = value > 0x7fff ? value - 0x10000 : value;
    this.#end = this.#bytes.writeInt16BE(low, this.#end);
    return this;
  }

  int32(value: number): this {
    this.#reserve(4);
    this.#end = this.#bytes.writeInt32BE(value, this.#end);
    return this;
  }

  uint32(value: number): this {
    this.#reserve(4);
    this.#end = this.#bytes.writeUInt32BE(value, this.#end);
    return this;
  }

  /** Text and its zero byte. A zero inside would end it early on the other side, so it is cut out. */
  text(value: string): this {
    const clean = value.includes('\0') ? value.replaceAll('\0', '') : value;
    const size =
      clean.length < SHORT_TEXT ? clean.length * MAX_BYTES_PER_UNIT : Buffer.byteLength(clean);
    this.#reserve(size + 1);
    if (clean !== '') this.#end += this.#bytes.write(clean, this.#end, 'utf8');
    this.#bytes[this.#end] = 0;
    this.#end += 1;
    return this;
  }

  /** The message with its one-byte tag: Byte1(tag) Int32(length of itself and body) body. */
  message(tag: string): Buffer {
    this.#bytes[0] = tag.charCodeAt(0);
    this.#bytes.writeUInt32BE(this.#end - 1, 1);
    return this.#bytes.subarray(0, this.#end);
  }

  /** A start-up packet, which has no tag: Int32(length) body. */
  untagged(): Buffer {
    this.#bytes.writeUInt32BE(this.#end - 1, 1);
    return this.#bytes.subarray(1, this.#end);
  }

  #reserve(count: number): void {
    if (this.#end + count <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#end + count));
    this.#bytes.copy(larger, 0, 0, this.#end);
    this.#bytes = larger;
  }
}

/** One part of text and nothing else: the commonest message. */
export function textMessage(tag: string, text: string): Buffer {
  const size = Buffer.byteLength(text);
  const out = Buffer.allocUnsafe(6 + size);
  out[0] = tag.charCodeAt(0);
  out.writeUInt32BE(5 + size, 1);
  out.write(text, 5, 'utf8');
  out[5 + size] = 0;
  return out;
}
