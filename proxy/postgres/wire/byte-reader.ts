/**
 * Bounded reads from one message body. Every read checks what is left first; a short or overlong body is a coded error of the
 * side that sent it. It must not know any message.
 */
import { isUtf8 } from 'node:buffer';
import { ProxyError, type ProxyErrorCode } from '../../error.ts';

export class ByteReader {
  readonly #body: Buffer;
  readonly #fault: ProxyErrorCode;
  #at = 0;

  /** `fault` is the code thrown for a malformed body: `client/protocol` or `target/protocol`. */
  constructor(body: Buffer, fault: ProxyErrorCode) {
    this.#body = body;
    this.#fault = fault;
  }

  get left(): number {
    return this.#body.length - this.#at;
  }

  fail(what: string): never {
    throw new ProxyError(this.#fault, `malformed message: ${what}`);
  }

  #need(count: number): void {
    if (count > this.left) this.fail(`${count} bytes expected, ${this.left} left`);
  }

  int8(): number {
    this.#need(1);
    return this.#body.readUInt8(this.#at++);
  }

  int16(): number {
    this.#need(2);
    this.#at += 2;
    return this.#body.readInt16BE(this.#at - 2);
  }

  int32(): number {
    this.#need(4);
    this.#at += 4;
    return this.#body.readInt32BE(this.#at - 4);
  }

  uint32(): number {
    this.#need(4);
    this.#at += 4;
    return this.#body.readUInt32BE(this.#at - 4);
  }

  /** A count of what follows: never negative, and never more items than `minimumSize` bytes each could hold. */
  count(minimumSize: number): number {
    const count = this.int16() & 0xffff;
    if (count * minimumSize > this.left)
      this.fail(`a count of ${count} with ${this.left} bytes left`);
    return count;
  }

  /** A view of the next bytes, not a copy. */
  bytes(count: number): Buffer {
    if (count < 0) this.fail(`a length of ${count}`);
    this.#need(count);
    this.#at += count;
    return this.#body.subarray(this.#at - count, this.#at);
  }

  /** Text up to a zero byte; refused when it is not UTF-8, because then text and bytes would differ. */
  text(): string {
    const end = this.#body.indexOf(0, this.#at);
    if (end < 0) this.fail('text without an end');
    // Most names are empty.
    if (end === this.#at) {
      this.#at += 1;
      return '';
    }
    const bytes = this.bytes(end - this.#at);
    this.#at += 1;
    if (!isUtf8(bytes)) this.fail('text that is not UTF-8');
    return bytes.toString('utf8');
  }

  /** INVARIANT: called last; what follows the known fields would be forwarded unread otherwise. */
  end(): void {
    if (this.left !== 0) this.fail(`${this.left} bytes too many`);
  }
}
