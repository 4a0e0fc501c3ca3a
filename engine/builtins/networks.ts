/** `net.cidr_*`. OPA topdown/cidr.go. */
import { isArray, isObject, isSet } from '../value/compare.ts';
import { type BuiltinFault, builtinError, isFault, limitError } from '../value/fault.ts';
import { RegoSet, SetBuilder } from '../value/set.ts';
import type { Value } from '../value/value.ts';
import {
  addressText,
  type Block,
  blockContains,
  blockText,
  lastOf,
  makeBlock,
  parseAddress,
  parseBlock,
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

function parseMember(member: Value): Block | BuiltinFault {
  if (typeof member !== 'string') return builtinError('element must be string');
  const address = parseAddress(member);
  if (address === undefined) return block(member, 1);
  if (address.bits === 128) return builtinError('IPv6 invalid: needs prefix length');
  // A bare IPv4 address stands for its classful network, as Go's DefaultMask has it.
  const lead = Number(address.value >> 24n);
  return makeBlock(address, lead < 128 ? 8 : lead < 192 ? 16 : lead < 224 ? 24 : 32);
}

interface Range {
  readonly bits: 32 | 128;
  readonly low: bigint;
  readonly high: bigint;
}

/** The fewest blocks that cover a range exactly. */
function coverRange({ bits, low, high }: Range): Block[] {
  const blocks: Block[] = [];
  for (let next = low; next <= high; ) {
    let hostBits = 0;
    while (hostBits < bits) {
      const size = 1n << BigInt(hostBits + 1);
      if (next % size !== 0n || next + size - 1n > high) break;
      hostBits += 1;
    }
    blocks.push({ first: { bits, value: next }, prefix: bits - hostBits });
    next += 1n << BigInt(hostBits);
  }
  return blocks;
}

function merge(blocks: readonly Block[]): Block[] {
  const ranges = blocks
    .map(
      (item): Range => ({ bits: item.first.bits, low: item.first.value, high: lastOf(item).value }),
    )
    .sort((a, b) => a.bits - b.bits || Number(a.low > b.low) - Number(a.low < b.low));
  const merged: Range[] = [];
  for (const range of ranges) {
    const last = merged.at(-1);
    if (last !== undefined && last.bits === range.bits && range.low <= last.high + 1n) {
      merged[merged.length - 1] = {
        ...last,
        high: range.high > last.high ? range.high : last.high,
      };
    } else {
      merged.push(range);
    }
  }
  return merged.flatMap(coverRange);
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
    const blocks: Block[] = [];
    for (const member of members) {
      const parsed = parseMember(member);
      if (isFault(parsed)) return parsed;
      blocks.push(parsed);
    }
    return RegoSet.from(merge(blocks).map(blockText));
  }),
} satisfies Readonly<Record<string, BuiltinFunction>>;
