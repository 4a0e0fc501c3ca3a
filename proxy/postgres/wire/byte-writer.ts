/**
 * Builds messages: tag, length, fields. The length is computed from the parts, so it cannot be patched to a wrong one.
 * It must not know any message.
 */

export class MessageBuilder {
  readonly #parts: Buffer[] = [];
  #size = 0;

  raw(bytes: Buffer): this {
    this.#parts.push(bytes);
    this.#size += bytes.length;
    return this;
  }

  int8(value: number): this {
    return this.raw(Buffer.from([value & 0xff]));
  }

  int16(value: number): this {
    const bytes = Buffer.allocUnsafe(2);
    bytes.writeInt16BE(value > 0x7fff ? value - 0x10000 : value);
    return this.raw(bytes);
  }

  int32(value: number): this {
    const bytes = Buffer.allocUnsafe(4);
    bytes.writeInt32BE(value);
    return this.raw(bytes);
  }

  uint32(value: number): this {
    const bytes = Buffer.allocUnsafe(4);
    bytes.writeUInt32BE(value);
    return this.raw(bytes);
  }

  /** Text and its zero byte. A zero inside would end it early on the other side, so it is cut out. */
  text(value: string): this {
    const clean = value.includes('\0') ? value.replaceAll('\0', '') : value;
    return this.raw(Buffer.from(`${clean}\0`, 'utf8'));
  }

  /** The message with its one-byte tag: Byte1(tag) Int32(length of itself and body) body. */
  message(tag: string): Buffer {
    const out = Buffer.allocUnsafe(5 + this.#size);
    out[0] = tag.charCodeAt(0);
    return this.#finish(out, 1);
  }

  /** A start-up packet, which has no tag: Int32(length) body. */
  untagged(): Buffer {
    return this.#finish(Buffer.allocUnsafe(4 + this.#size), 0);
  }

  #finish(out: Buffer, lengthAt: number): Buffer {
    out.writeUInt32BE(4 + this.#size, lengthAt);
    let at = lengthAt + 4;
    for (const part of this.#parts) {
      part.copy(out, at);
      at += part.length;
    }
    return out;
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
