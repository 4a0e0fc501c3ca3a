/** `net.cidr_*`. OPA topdown/cidr.go. */
import { isArray, isObject, isSet } from '../value/compare.ts';
import { type BuiltinFault, builtinError, isFault, limitError } from '../value/fault.ts';
import { RegoSet, SetBuilder } from '../value/set.ts';
import type { Value } from '../value/value.ts';
import {
  addressOf,
  addressText,
  type Block,
  blockContains,
  blockText,
  lastOf,
  makeBlock,
  parseAddress,
  parseBlock,
  wideValue,
} from './addresses.ts';
import type { BuiltinFunction } from './context.ts';
import { anyValue, builtin, operandTypeFault, text } from './operand.ts';

/** Addresses `net.cidr_expand` may list. */
export const MAX_EXPANDED_ADDRESSES = 131_072;

const block = (value: Value, position: number): Block | BuiltinFault => {
  if (typeof value !== 'string') return operandTypeFault(position, value, 'string');
  return parseBlock(value) ?? builtinError(`invalid CIDR address: ${value}`);
};

function contains(outer: Value, inner: Value): boolean | BuiltinFault {
  const container = block(outer, 1);
  if (isFault(container)) return container;
  if (typeof inner !== 'string') return operandTypeFault(1, inner, 'string');
  const address = parseAddress(inner);
  if (address !== undefined) return blockContains(container, address);
  const contained = parseBlock(inner);
  if (contained === undefined) {
    return builtinError(`not a valid textual representation of an IP address or CIDR: ${inner}`);
  }
  return blockContains(container, contained.first) && blockContains(container, lastOf(contained));
}

/** The CIDRs of an operand, each with the index that names it in the result. */
function listCidrs(position: number, operand: Value): [Value, Value][] | BuiltinFault {
  const candidates: (readonly [member: Value, index: Value])[] = [];
  if (typeof operand === 'string') return [[operand, operand]];
  if (isArray(operand))
    for (const [index, item] of operand.entries()) candidates.push([item, index]);
  else if (isSet(operand)) for (const item of operand) candidates.push([item, item]);
  else if (isObject(operand)) for (const [key, item] of operand) candidates.push([item, key]);
  const cidrs: [Value, Value][] = [];
  for (const [member, index] of candidates) {
    const cidr = isArray(member) ? member[0] : typeof member === 'string' ? member : undefined;
    if (cidr === undefined) {
      return builtinError(`operand ${position}: element must be string or non-empty array`);
    }
    cidrs.push([cidr, index]);
  }
  return cidrs;
}

function parseMember(member: Value): Network | BuiltinFault {
  if (typeof member !== 'string') return builtinError('element must be string');
  const address = parseAddress(member);
  if (address === undefined) {
    const parsed = block(member, 1);
    return isFault(parsed) ? parsed : { block: parsed, text: blockText(parsed) };
  }
  if (address.bits === 128) return builtinError('IPv6 invalid: needs prefix length');
  // A bare IPv4 address stands for its classful network, as Go's DefaultMask has it, and is named by itself.
  const lead = Number(address.value >> 24n);
  const prefix = lead < 128 ? 8 : lead < 192 ? 16 : 24;
  return { block: makeBlock(address, prefix), text: `${addressText(address)}/${prefix}` };
}

/** A block with the text it was given by. */
interface Network {
  readonly block: Block;
  readonly text: string;
}

/** Addresses by their numbers in IPv6, among which those of IPv4 are. */
interface Range {
  readonly low: bigint;
  readonly high: bigint;
  /** Undefined once another one was added. */
  readonly text: string | undefined;
}

/** The fewest blocks that cover a range exactly. */
function coverRange({ low, high }: Range): Block[] {
  const blocks: Block[] = [];
  const isNarrow = addressOf(low).bits === 32 && addressOf(high).bits === 32;
  const bits = isNarrow ? 32 : 128;
  for (let next = low; next <= high; ) {
    let hostBits = 0;
    while (hostBits < bits) {
      const size = 1n << BigInt(hostBits + 1);
      if (next % size !== 0n || next + size - 1n > high) break;
      hostBits += 1;
    }
    const first = isNarrow ? addressOf(next) : { bits: 128 as const, value: next };
    blocks.push({ first, prefix: bits - hostBits });
    next += 1n << BigInt(hostBits);
  }
  return blocks;
}

function compareRanges(a: Range, b: Range): number {
  const order = a.high === b.high ? a.low - b.low : a.high - b.high;
  return order < 0n ? -1 : order > 0n ? 1 : 0;
}

/** Ranges that touch become one. */
function merge(networks: readonly Network[]): string[] {
  const ranges = networks
    .map(({ block: of, text: given }): Range => {
      return { low: wideValue(of.first), high: wideValue(lastOf(of)), text: given };
    })
    .sort(compareRanges);
  const merged: Range[] = [];
  for (const range of ranges.reverse()) {
    const last = merged.at(-1);
    if (last === undefined || range.high < last.low - 1n) merged.push(range);
    else {
      const low = range.low < last.low ? range.low : last.low;
      merged[merged.length - 1] = { low, high: last.high, text: undefined };
    }
  }
  return merged.flatMap((range) =>
    range.text === undefined ? coverRange(range).map(blockText) : [range.text],
  );
}

export const NETWORKS = {
  'net.cidr_is_valid': builtin(
    [anyValue],
    (_ctx, source) => typeof source === 'string' && parseBlock(source) !== undefined,
  ),
  'net.cidr_contains': builtin([anyValue, anyValue], (_ctx, outer, inner) =>
    contains(outer, inner),
  ),
  'net.cidr_contains_matches': builtin([anyValue, anyValue], (ctx, outer, inner) => {
    const outers = listCidrs(1, outer);
    if (isFault(outers)) return outers;
    const inners = listCidrs(2, inner);
    if (isFault(inners)) return inners;
    const over = ctx.charge(outers.length * inners.length);
    if (isFault(over)) return over;
    const matches = new SetBuilder();
    for (const [cidr, index] of outers) {
      for (const [candidate, candidateIndex] of inners) {
        const result = contains(cidr, candidate);
        if (isFault(result)) return result;
        if (result) matches.add([index, candidateIndex]);
      }
    }
    return matches.build();
  }),
  'net.cidr_intersects': builtin(
    [block, block],
    (_ctx, a, b) => blockContains(a, b.first) || blockContains(b, a.first),
  ),
  'net.cidr_expand': builtin([text], (ctx, source) => {
    const expanded = block(source, 1);
    if (isFault(expanded)) return expanded;
    const count = 1n << BigInt(expanded.first.bits - expanded.prefix);
    if (count > BigInt(MAX_EXPANDED_ADDRESSES)) {
      return limitError(`block exceeds the limit of ${MAX_EXPANDED_ADDRESSES} addresses`);
    }
    const over = ctx.charge(Number(count));
    if (isFault(over)) return over;
    const { bits, value } = expanded.first;
    const addresses = Array.from({ length: Number(count) }, (_, index) =>
      addressText({ bits, value: value + BigInt(index) }),
    );
    return RegoSet.from(addresses);
  }),
  'net.cidr_merge': builtin([anyValue], (_ctx, members) => {
    if (!isArray(members) && !isSet(members)) return builtinError('operand must be an array');
    const networks: Network[] = [];
    for (const member of members) {
      const parsed = parseMember(member);
      if (isFault(parsed)) return parsed;
      networks.push(parsed);
    }
    return RegoSet.from(merge(networks));
  }),
} satisfies Readonly<Record<string, BuiltinFunction>>;
