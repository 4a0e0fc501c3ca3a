/**
 * Verification of a chain of certificates, root first and leaf last, as Go's `crypto/x509` does it: signatures, validity, authorities and
 * the length of the path, purposes, the name. Constraints of names are not understood: a chain with some is refused. RFC 5280, 6.
 */

import type { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { isArray, isSet } from '../value/compare.ts';
import { type BuiltinFault, builtinError } from '../value/fault.ts';
import { isNumber, toPlainInteger } from '../value/number.ts';
import type { RegoObject } from '../value/object.ts';
import type { Value } from '../value/value.ts';
import { EXTENSION, type ExtensionReader } from './certificate-extensions.ts';
import { ANY_USAGE, EXTENDED_USAGES, SERVER_USAGE } from './certificate-usages.ts';
import { extensionsOf } from './certificate-value.ts';

export interface VerifyOptions {
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly dnsName: string;
  readonly usages: readonly string[];
}

/** Options by the names OPA gives them; `nowNs` counts where there is no time among them. */
export function readVerifyOptions(
  nowNs: bigint | undefined,
  options: RegoObject,
): VerifyOptions | BuiltinFault {
  let time = nowNs;
  let dnsName = '';
  let usages: readonly string[] = [];
  for (const [name, value] of options) {
    if (typeof name !== 'string') continue;
    switch (name) {
      case 'CurrentTime': {
        const at = isNumber(value) ? toPlainInteger(value) : undefined;
        if (at === undefined) return builtinError("'CurrentTime' should be a valid int64 number");
        time = at;
        break;
      }
      case 'DNSName':
        if (typeof value !== 'string') return builtinError("'DNSName' should be a string");
        dnsName = value.replace(/^"+|"+$/g, '');
        break;
      case 'MaxConstraintComparisons':
        if (!isNumber(value) || toPlainInteger(value) === undefined)
          return builtinError("'MaxConstraintComparisons' should be a number");
        break;
      case 'KeyUsages': {
        const named = readUsages(value);
        if (!Array.isArray(named)) return named;
        usages = named;
        break;
      }
      default:
        return builtinError('invalid key option');
    }
  }
  if (time === undefined) return builtinError('the host gave no time of the decision');
  const asked = usages.length === 0 ? [SERVER_USAGE] : usages;
  return { time: Number(time / 1_000_000n), dnsName, usages: asked };
}

/** What is no text among the names is passed over. */
function readUsages(value: Value): string[] | BuiltinFault {
  const names = isArray(value) ? value : isSet(value) ? value.toSorted() : undefined;
  if (names === undefined) return builtinError("'KeyUsages' should be an Array or Set");
  const texts = names
    .filter((name) => typeof name === 'string')
    .map((name) => name.replace(/^"+|"+$/g, ''));
  const found = texts.map((name) => EXTENDED_USAGES.find((usage) => usage.name === name));
  const invalid = texts.filter((_, at) => found[at] === undefined);
  return invalid.length > 0
    ? builtinError(`invalid entries for 'KeyUsages' found: [${invalid.join(' ')}]`)
    : found.flatMap((usage) => usage?.oid ?? []);
}

interface Link {
  readonly certificate: X509Certificate;
  readonly extensions: ExtensionReader;
}

/** Leaf first, root last; `undefined` when no chain of valid signatures leads to the first certificate. */
export function verifyChain(
  certificates: readonly X509Certificate[],
  { time, dnsName, usages }: VerifyOptions,
): readonly X509Certificate[] | undefined {
  const [root] = certificates;
  const leaf = certificates.at(-1);
  if (root === undefined || leaf === undefined || certificates.length < 2) return undefined;
  if (dnsName !== '' && !isNamed(leaf, dnsName)) return undefined;
  const authorities = certificates.slice(0, -1);
  const chain: Link[] = [];
  for (let current: X509Certificate | undefined = leaf; chain.length <= certificates.length; ) {
    const link: Link = { certificate: current, extensions: extensionsOf(current) };
    if (!isSound(link, chain.length, time)) return undefined;
    chain.push(link);
    if (current.fingerprint256 === root.fingerprint256)
      return fitsPurpose(chain, usages) ? chain.map(({ certificate }) => certificate) : undefined;
    const child: X509Certificate = current;
    current = authorities.find((authority) => isIssuedBy(child, authority));
    if (current === undefined) return undefined;
  }
  return undefined;
}

/** `at` counts from the leaf, which is 0. */
function isSound({ certificate, extensions }: Link, at: number, time: number): boolean {
  if (time < Date.parse(certificate.validFrom) || time > Date.parse(certificate.validTo))
    return false;
  if (extensions.unhandledCritical.length > 0 || extensions.has(EXTENSION.nameConstraints))
    return false;
  if (at === 0) return true;
  const { isCa = false, maxPathLength = -1 } = extensions.basicConstraints ?? {};
  return isCa && (maxPathLength < 0 || at - 1 <= maxPathLength);
}

/** A purpose that is asked for has to stand in every certificate that names any. */
function fitsPurpose(chain: readonly Link[], usages: readonly string[]): boolean {
  if (usages.includes(ANY_USAGE)) return true;
  const named = chain
    .map(({ extensions }) => extensions.extendedKeyUsage)
    .filter((purposes) => purposes.length > 0 && !purposes.includes(ANY_USAGE));
  return usages.some((usage) => named.every((purposes) => purposes.includes(usage)));
}

/** By the alternative names alone; a wildcard is a whole label. */
function isNamed(leaf: X509Certificate, name: string): boolean {
  const bare = /^\[.*\]$/.test(name) ? name.slice(1, -1) : name;
  if (isIP(bare) !== 0) return leaf.checkIP(bare) !== undefined;
  // Node throws for such a name, which none can have.
  if (name.includes('\u0000')) return false;
  const options = { subject: 'never', partialWildcards: false } as const;
  return leaf.checkHost(name.replace(/\.$/, ''), options) !== undefined;
}

function isIssuedBy(certificate: X509Certificate, authority: X509Certificate): boolean {
  return certificate.checkIssued(authority) && certificate.verify(authority.publicKey);
}
