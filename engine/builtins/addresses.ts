/** IP addresses and blocks as Go's `net` package reads and writes them: IPv4 is 32 bits wide, `::ffff:1.2.3.4` is IPv4. RFC 4291, 5952. */

export interface Address {
  readonly bits: 32 | 128;
  readonly value: bigint;
}

/** Addresses that share a prefix; `first` has no bit set behind it. */
export interface Block {
  readonly first: Address;
  readonly prefix: number;
}

const MAPPED_PREFIX = 0xffffn;
/** Bits before an IPv4 address in IPv6. */
const MAPPED_BITS = 96;

/** Reads an address; no zone, no leading zeros in IPv4. */
export function parseAddress(source: string): Address | undefined {
  if (!source.includes(':')) {
    const value = parseIpv4(source);
    return value === undefined ? undefined : { bits: 32, value };
  }
  const value = parseIpv6(source);
  if (value === undefined) return undefined;
  return addressOf(value);
}

function parseIpv4(source: string): bigint | undefined {
  const parts = source.split('.');
  if (parts.length !== 4) return undefined;
  let value = 0n;
  for (const part of parts) {
    if (!/^(?:0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255) return undefined;
    value = (value << 8n) | BigInt(part);
  }
  return value;
}

function parseIpv6(source: string): bigint | undefined {
  const halves = source.split('::');
  if (halves.length > 2) return undefined;
  const groups = halves.map(readGroups);
  const [head, tail] = groups;
  if (head === undefined || groups.includes(undefined)) return undefined;
  const missing = 8 - head.length - (tail?.length ?? 0);
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  const all = [...head, ...Array.from({ length: Math.max(missing, 0) }, () => 0n), ...(tail ?? [])];
  return all.reduce((value, group) => (value << 16n) | group, 0n);
}

function readGroups(text: string): bigint[] | undefined {
  if (text === '') return [];
  const groups: bigint[] = [];
  const parts = text.split(':');
  for (const [index, part] of parts.entries()) {
    if (part.includes('.')) {
      const v4 = index === parts.length - 1 ? parseIpv4(part) : undefined;
      if (v4 === undefined) return undefined;
      groups.push(v4 >> 16n, v4 & 0xffffn);
    } else {
      if (!/^[\da-fA-F]{1,4}$/.test(part)) return undefined;
      groups.push(BigInt(`0x${part}`));
    }
  }
  return groups;
}

/** Reads `address/prefix`. */
export function parseBlock(source: string): Block | undefined {
  const slash = source.indexOf('/');
  if (slash < 0) return undefined;
  const text = source.slice(0, slash);
  const address = parseAddress(text);
  const digits = source.slice(slash + 1);
  if (address === undefined || !/^0*\d{1,3}$/.test(digits)) return undefined;
  const isMapped = address.bits === 32 && text.includes(':');
  const prefix = Number(digits);
  if (prefix > (isMapped ? 128 : address.bits)) return undefined;
  if (!isMapped) return makeBlock(address, prefix);
  return prefix < MAPPED_BITS
    ? makeBlock({ bits: 128, value: wideValue(address) }, prefix)
    : makeBlock(address, prefix - MAPPED_BITS);
}

/** The number of an address among those of IPv6. */
export function wideValue({ bits, value }: Address): bigint {
  return bits === 32 ? (MAPPED_PREFIX << 32n) | value : value;
}

/** The address of a number among those of IPv6. */
export function addressOf(wide: bigint): Address {
  return wide >> 32n === MAPPED_PREFIX
    ? { bits: 32, value: wide & 0xffffffffn }
    : { bits: 128, value: wide };
}

/** The block of `prefix` bits an address lies in. */
export function makeBlock(address: Address, prefix: number): Block {
  const hostBits = BigInt(address.bits - prefix);
  return { first: { ...address, value: (address.value >> hostBits) << hostBits }, prefix };
}

export function lastOf(block: Block): Address {
  const hostBits = BigInt(block.first.bits - block.prefix);
  return { ...block.first, value: block.first.value | ((1n << hostBits) - 1n) };
}

export function blockContains(block: Block, address: Address): boolean {
  if (block.first.bits !== address.bits) return false;
  return makeBlock(address, block.prefix).first.value === block.first.value;
}

/** Canonical text (RFC 5952). */
export function addressText({ bits, value }: Address): string {
  if (bits === 32) {
    return [24n, 16n, 8n, 0n].map((shift) => String((value >> shift) & 0xffn)).join('.');
  }
  const groups = Array.from({ length: 8 }, (_, index) =>
    ((value >> BigInt(112 - index * 16)) & 0xffffn).toString(16),
  );
  let best = { start: -1, length: 1 };
  for (let start = 0; start < 8; start += 1) {
    let length = 0;
    while (groups[start + length] === '0') length += 1;
    if (length > best.length) best = { start, length };
  }
  if (best.start < 0) return groups.join(':');
  const after = groups.slice(best.start + best.length).join(':');
  return `${groups.slice(0, best.start).join(':')}::${after}`;
}

export function blockText(block: Block): string {
  return `${addressText(block.first)}/${block.prefix}`;
}
