/** `semver.*` (Semantic Versioning 2.0.0, a leading `v` allowed) and `uuid.parse`. OPA internal/semver, internal/uuid. */
import { bytesOf } from '../value/bytes.ts';
import { builtinError, isFault } from '../value/fault.ts';
import { fromInteger } from '../value/number.ts';
import { RegoObject } from '../value/object.ts';
import { quoteText } from '../value/text.ts';
import type { BuiltinFunction } from './context.ts';
import { anyValue, builtin, text } from './operand.ts';

interface Version {
  readonly numbers: readonly bigint[];
  readonly preRelease: readonly string[];
}

const VERSION =
  /^v?(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-([\dA-Za-z-]+(?:\.[\dA-Za-z-]+)*))?(?:\+[\dA-Za-z-]+(?:\.[\dA-Za-z-]+)*)?$/;
const MAX_INT64 = 2n ** 63n - 1n;

function parseVersion(source: string): Version | undefined {
  const match = VERSION.exec(source);
  if (match === null) return undefined;
  const numbers = match.slice(1, 4).map((part) => BigInt(part ?? 0));
  const preRelease = match[4]?.split('.') ?? [];
  if (numbers.some((number) => number > MAX_INT64)) return undefined;
  if (preRelease.some((part) => /^0\d+$/.test(part))) return undefined;
  return { numbers, preRelease };
}

const sign = (order: bigint | number): number => (order < 0 ? -1 : order > 0 ? 1 : 0);

function compareIdentifiers(a: string, b: string): number {
  const isNumericA = /^\d+$/.test(a);
  const isNumericB = /^\d+$/.test(b);
  if (isNumericA && isNumericB) return sign(BigInt(a) - BigInt(b));
  if (isNumericA !== isNumericB) return isNumericA ? -1 : 1;
  return a < b ? -1 : a > b ? 1 : 0;
}

function compareVersions(a: Version, b: Version): number {
  for (const [index, number] of a.numbers.entries()) {
    const order = sign(number - (b.numbers[index] ?? 0n));
    if (order !== 0) return order;
  }
  if (a.preRelease.length === 0 || b.preRelease.length === 0) {
    return sign(b.preRelease.length - a.preRelease.length);
  }
  for (const [index, part] of a.preRelease.entries()) {
    const other = b.preRelease[index];
    if (other === undefined) return 1;
    const order = compareIdentifiers(part, other);
    if (order !== 0) return order;
  }
  return sign(a.preRelease.length - b.preRelease.length);
}

const UUID = /^([\da-f]{8})-([\da-f]{4})-([\da-f]{4})-([\da-f]{4})-([\da-f]{12})$/i;
/** 100-nanosecond steps from the start of the Gregorian calendar to 1970. */
const GREGORIAN_OFFSET = 0x01b21dd213814000n;
const DOMAINS = ['Person', 'Group', 'Org'];

/** What is read is told by the length: braces may be any two characters. */
function dashedUuid(source: string): string {
  switch (bytesOf(source).length) {
    case 32:
      return source.replace(/^(.{8})(.{4})(.{4})(.{4})/s, '$1-$2-$3-$4-');
    case 38:
      return source.slice(1, -1);
    case 45:
      return source.replace(/^urn:uuid:/i, '');
    default:
      return source;
  }
}

function parseUuid(source: string): RegoObject | undefined {
  const match = UUID.exec(dashedUuid(source));
  if (match === null) return undefined;
  const bytes = Buffer.from(match.slice(1).join(''), 'hex');
  const version = (bytes[6] ?? 0) >> 4;
  const result = RegoObject.from([
    ['version', version],
    ['variant', variantOf(bytes[8] ?? 0)],
  ]);
  return version === 1 || version === 2 ? withTimeFields(result, bytes, version) : result;
}

function variantOf(byte: number): string {
  if ((byte & 0xc0) === 0x80) return 'RFC4122';
  if ((byte & 0xe0) === 0xc0) return 'Microsoft';
  return (byte & 0xe0) === 0xe0 ? 'Future' : 'Reserved';
}

function withTimeFields(base: RegoObject, bytes: Buffer, version: number): RegoObject {
  const steps =
    BigInt(bytes.readUInt32BE(0)) |
    (BigInt(bytes.readUInt16BE(4)) << 32n) |
    (BigInt(bytes.readUInt16BE(6) & 0x0fff) << 48n);
  const node = bytes.subarray(10);
  const first = node[0] ?? 0;
  const scope = first & 2 ? 'local' : 'global';
  const cast = first & 1 ? 'multicast' : 'unicast';
  const pairs: [string, RegoObject | string | number | bigint][] = [
    ['nodeid', [...node].map((byte) => byte.toString(16).padStart(2, '0')).join('-')],
    ['macvariables', `${scope}:${cast}`],
    ['clocksequence', bytes.readUInt16BE(8) & 0x3fff],
  ];
  if (version === 2) {
    const domain = bytes[9] ?? 0;
    pairs.push(['id', bytes.readUInt32BE(0)], ['domain', DOMAINS[domain] ?? `Domain${domain}`]);
  }
  const result = RegoObject.from([...base, ...pairs]);
  return result.with('time', fromInteger(BigInt.asIntN(64, (steps - GREGORIAN_OFFSET) * 100n)));
}

export const VERSIONS = {
  'semver.is_valid': builtin(
    [anyValue],
    (_ctx, source) => typeof source === 'string' && parseVersion(source) !== undefined,
  ),
  'semver.compare': builtin([text, text], (_ctx, a, b) => {
    const invalid = (position: number, source: string) =>
      builtinError(`operand ${position}: string ${quoteText(source)} is not a valid SemVer`);
    const x = parseVersion(a) ?? invalid(1, a);
    if (isFault(x)) return x;
    const y = parseVersion(b) ?? invalid(2, b);
    return isFault(y) ? y : compareVersions(x, y);
  }),
  'uuid.parse': builtin([text], (_ctx, source) => parseUuid(source)),
} satisfies Readonly<Record<string, BuiltinFunction>>;
