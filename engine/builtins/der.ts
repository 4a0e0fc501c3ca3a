/** A bounded reader of DER (X.690): tag, length, contents. Just enough for names and extensions of certificates. */

export interface DerValue {
  readonly tag: number;
  readonly contents: Buffer;
  /** Tag, length and contents. */
  readonly bytes: Buffer;
}

/** The value at the start of `bytes`; `undefined` when it is malformed or cut short. */
export function readDer(bytes: Buffer): DerValue | undefined {
  const tag = bytes[0];
  const first = bytes[1];
  if (tag === undefined || first === undefined || (tag & 0x1f) === 0x1f) return undefined;
  let length = first;
  let offset = 2;
  if (first >= 0x80) {
    const count = first - 0x80;
    if (count === 0 || count > 4 || bytes.length < 2 + count) return undefined;
    length = bytes.readUIntBE(2, count);
    offset += count;
  }
  if (bytes.length < offset + length) return undefined;
  return {
    tag,
    contents: bytes.subarray(offset, offset + length),
    bytes: bytes.subarray(0, offset + length),
  };
}

/** The members of a constructed value; `undefined` when one is malformed. */
export function readDerMembers(contents: Buffer): DerValue[] | undefined {
  const members: DerValue[] = [];
  for (let rest = contents; rest.length > 0; ) {
    const member = readDer(rest);
    if (member === undefined) return undefined;
    members.push(member);
    rest = rest.subarray(member.bytes.length);
  }
  return members;
}

/** Dotted text of an object identifier's contents. */
export function readOid(contents: Buffer): string {
  const parts: bigint[] = [];
  let value = 0n;
  for (const byte of contents) {
    value = (value << 7n) | BigInt(byte & 0x7f);
    if (byte >= 0x80) continue;
    if (parts.length === 0) {
      const root = value < 80n ? value / 40n : 2n;
      parts.push(root, value - root * 40n);
    } else {
      parts.push(value);
    }
    value = 0n;
  }
  return parts.join('.');
}
