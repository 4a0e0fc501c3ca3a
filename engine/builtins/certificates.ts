/**
 * `crypto.x509.*` and `crypto.parse_private_keys`: parsing, and verification of a chain given root first and leaf last. The time of
 * verification is an option or the decision's own. OPA topdown/crypto.go.
 */
import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto';
import { bytesOf } from '../value/bytes.ts';
import { type BuiltinFault, builtinError, isFault } from '../value/fault.ts';
import { isNumber, toDouble } from '../value/number.ts';
import { RegoObject } from '../value/object.ts';
import { fromPlain } from '../value/plain.ts';
import type { Value } from '../value/value.ts';
import { certificateValue, requestValue } from './certificate-value.ts';
import type { BuiltinContext, BuiltinFunction } from './context.ts';
import { readDerMembers } from './der.ts';
import { decodeBase64 } from './encodings.ts';
import { builtin, object, text } from './operand.ts';

/** Certificates one text may hold. */
export const MAX_CERTIFICATES = 100;

interface PemBlock {
  readonly type: string;
  readonly text: string;
  readonly bytes: Buffer;
}

function readPemBlocks(source: string): PemBlock[] {
  const blocks = source.matchAll(/-----BEGIN ([A-Z0-9 ]+)-----([\s\S]*?)-----END \1-----/g);
  return [...blocks].map(([whole, type = '', body = '']) => ({
    type,
    text: whole,
    bytes: Buffer.from(body.replace(/^[\w-]+:.*$/gm, ''), 'base64'),
  }));
}

/** PEM stays, base64 is decoded; the decoded bytes may be PEM again. */
function unwrap(source: string): string | Buffer | BuiltinFault {
  if (source.startsWith('-----BEGIN')) return source;
  const decoded = decodeBase64(source, 'standard', true);
  if (isFault(decoded)) return decoded;
  const inner = decoded.toString('utf8');
  return inner.startsWith('-----BEGIN') ? inner : decoded;
}

function parseCertificates(source: string): X509Certificate[] | BuiltinFault {
  const unwrapped = unwrap(source);
  if (isFault(unwrapped)) return unwrapped;
  let ders: Buffer[];
  if (typeof unwrapped === 'string') {
    const blocks = readPemBlocks(unwrapped);
    const other = blocks.find((block) => block.type !== 'CERTIFICATE');
    if (other !== undefined) {
      return builtinError(`PEM block type is '${other.type}', expected CERTIFICATE`);
    }
    ders = blocks.map((block) => block.bytes);
  } else {
    const members = readDerMembers(unwrapped);
    if (members === undefined) return builtinError('x509: malformed certificate');
    ders = members.map((member) => member.bytes);
  }
  if (ders.length > MAX_CERTIFICATES) return builtinError('too many certificates');
  try {
    return ders.map((der) => new X509Certificate(der));
  } catch {
    // node:crypto reports malformed DER only by throwing.
    return builtinError('x509: malformed certificate');
  }
}

interface VerifyOptions {
  readonly time: number;
  readonly dnsName: string;
  readonly usages: readonly string[];
}

/** Purposes by the names OPA gives them. */
const USAGES: ReadonlyMap<string, string> = new Map([
  ['KeyUsageAny', '*'],
  ['KeyUsageServerAuth', '1.3.6.1.5.5.7.3.1'],
  ['KeyUsageClientAuth', '1.3.6.1.5.5.7.3.2'],
  ['KeyUsageCodeSigning', '1.3.6.1.5.5.7.3.3'],
  ['KeyUsageEmailProtection', '1.3.6.1.5.5.7.3.4'],
  ['KeyUsageTimeStamping', '1.3.6.1.5.5.7.3.8'],
  ['KeyUsageOCSPSigning', '1.3.6.1.5.5.7.3.9'],
]);

function readOptions(ctx: BuiltinContext, options: RegoObject): VerifyOptions | BuiltinFault {
  let time = ctx.nowNs === undefined ? undefined : Number(ctx.nowNs / 1_000_000n);
  let dnsName = '';
  let usages: string[] = ['1.3.6.1.5.5.7.3.1'];
  for (const [name, value] of options) {
    if (name === 'CurrentTime') {
      if (!isNumber(value)) return builtinError("'CurrentTime' should be a number");
      time = toDouble(value) / 1_000_000;
    } else if (name === 'DNSName') {
      if (typeof value !== 'string') return builtinError("'DNSName' should be a string");
      dnsName = value;
    } else if (name === 'KeyUsages') {
      const named = readUsages(value);
      if (isFault(named)) return named;
      usages = named;
    } else if (name !== 'MaxConstraintComparisons') {
      return builtinError('invalid key option');
    }
  }
  if (time === undefined) return builtinError('the host gave no time of the decision');
  return { time, dnsName, usages };
}

function readUsages(value: Value): string[] | BuiltinFault {
  const names = Array.isArray(value) ? value : isSetLike(value) ? [...value] : undefined;
  if (names === undefined) return builtinError("'KeyUsages' should be an Array or Set");
  const invalid = names.filter((name) => typeof name !== 'string' || !USAGES.has(name));
  if (invalid.length > 0) {
    return builtinError(`invalid entries for 'KeyUsages' found: [${invalid.join(' ')}]`);
  }
  return names.map((name) => USAGES.get(String(name)) ?? '');
}

function isSetLike(value: Value): value is Extract<Value, { readonly tag: 'set' }> {
  return typeof value === 'object' && value !== null && 'tag' in value && value.tag === 'set';
}

/** Leaf first, root last; `undefined` when no chain of valid signatures leads to the first certificate. */
function verifyChain(
  certificates: readonly X509Certificate[],
  { time, dnsName, usages }: VerifyOptions,
): X509Certificate[] | undefined {
  const [root] = certificates;
  const leaf = certificates.at(-1);
  if (root === undefined || leaf === undefined || certificates.length < 2) return undefined;
  if (dnsName !== '' && leaf.checkHost(dnsName) === undefined) return undefined;
  const purposes = leaf.keyUsage ?? [];
  const isAllowed =
    purposes.length === 0 ||
    usages.includes('*') ||
    usages.some((usage) => purposes.includes(usage));
  if (!isAllowed) return undefined;
  const authorities = certificates.slice(0, -1);
  const chain = [leaf];
  for (let current = leaf; chain.length <= certificates.length; ) {
    if (time < Date.parse(current.validFrom) || time > Date.parse(current.validTo))
      return undefined;
    if (current !== leaf && !current.ca) return undefined;
    if (current === root || current.fingerprint256 === root.fingerprint256) return chain;
    const issuer = authorities.find((authority) => isIssuedBy(current, authority));
    if (issuer === undefined) return undefined;
    chain.push(issuer);
    current = issuer;
  }
  return undefined;
}

function isIssuedBy(certificate: X509Certificate, authority: X509Certificate): boolean {
  return certificate.checkIssued(authority) && certificate.verify(authority.publicKey);
}

function parseAndVerify(ctx: BuiltinContext, source: string, options: RegoObject) {
  const certificates = parseCertificates(source);
  if (isFault(certificates)) return [false, []];
  const read = readOptions(ctx, options);
  if (isFault(read)) return read;
  const chain = verifyChain(certificates, read);
  return chain === undefined ? [false, []] : [true, chain.map(certificateValue)];
}

/** Private keys of a PEM text, as JWKs without their algorithm. */
function parsePrivateKeys(source: string): Value[] | BuiltinFault {
  const decoded = decodeBase64(source, 'standard', true);
  const pem = isFault(decoded) ? source : decoded.toString('utf8');
  const keys: Value[] = [];
  for (const block of readPemBlocks(pem)) {
    if (!/^(?:RSA |EC )?PRIVATE KEY$/.test(block.type)) continue;
    try {
      keys.push(fromPlain(createPrivateKey(block.text).export({ format: 'jwk' })));
    } catch {
      // node:crypto reports a malformed key only by throwing.
      return builtinError('x509: failed to parse private key');
    }
  }
  return keys;
}

/** A PEM text of what may be PEM, base64 of PEM, or base64 of DER. */
function asPem(source: string, type: string): string | BuiltinFault {
  const unwrapped = unwrap(source);
  if (isFault(unwrapped) || typeof unwrapped === 'string') return unwrapped;
  return `-----BEGIN ${type}-----\n${unwrapped.toString('base64')}\n-----END ${type}-----\n`;
}

function parseKeyPair(certificateSource: string, keySource: string): Value | BuiltinFault {
  const certificatePem = asPem(certificateSource, 'CERTIFICATE');
  if (isFault(certificatePem)) return certificatePem;
  const keyPem = asPem(keySource, 'PRIVATE KEY');
  if (isFault(keyPem)) return keyPem;
  const certificates = parseCertificates(certificatePem);
  if (isFault(certificates)) return certificates;
  const [leaf] = certificates;
  if (leaf === undefined)
    return builtinError('tls: failed to find any PEM data in certificate input');
  try {
    const key = createPrivateKey(keyPem);
    if (!createPublicKey(key).equals(leaf.publicKey)) {
      return builtinError('tls: private key does not match public key');
    }
    return RegoObject.from([
      ['Certificate', certificates.map((certificate) => certificate.raw.toString('base64'))],
      ['PrivateKey', fromPlain(key.export({ format: 'jwk' }))],
      ['OCSPStaple', null],
      ['SignedCertificateTimestamps', null],
      ['SupportedSignatureAlgorithms', null],
    ]);
  } catch {
    // As above.
    return builtinError('tls: failed to parse private key');
  }
}

function parseRequest(source: string): Value | BuiltinFault {
  const isPem = source.startsWith('-----BEGIN CERTIFICATE REQUEST-----');
  const decoded = isPem ? bytesOf(source) : decodeBase64(source, 'standard', true);
  if (isFault(decoded)) return decoded;
  const [block] = readPemBlocks(decoded.toString('utf8'));
  if (block !== undefined && block.type !== 'CERTIFICATE REQUEST') {
    return builtinError('invalid PEM-encoded certificate signing request');
  }
  return (
    requestValue(block?.bytes ?? decoded) ??
    builtinError('asn1: structure error: no certificate signing request')
  );
}

export const CERTIFICATES = {
  'crypto.x509.parse_certificates': builtin([text], (_ctx, source) => {
    const certificates = parseCertificates(source);
    return isFault(certificates) ? certificates : certificates.map(certificateValue);
  }),
  'crypto.x509.parse_and_verify_certificates': builtin([text], (ctx, source) =>
    parseAndVerify(ctx, source, RegoObject.EMPTY),
  ),
  'crypto.x509.parse_and_verify_certificates_with_options': builtin(
    [text, object],
    (ctx, source, options) => parseAndVerify(ctx, source, options),
  ),
  'crypto.x509.parse_certificate_request': builtin([text], (_ctx, source) => parseRequest(source)),
  'crypto.x509.parse_keypair': builtin([text, text], (_ctx, certificate, key) =>
    parseKeyPair(certificate, key),
  ),
  'crypto.x509.parse_rsa_private_key': builtin([text], (_ctx, source) => {
    if (source === '') return builtinError('input PEM data was empty');
    const pem = unwrap(source);
    if (isFault(pem)) return pem;
    const keys = parsePrivateKeys(String(pem));
    return isFault(keys) ? keys : (keys[0] ?? null);
  }),
  'crypto.parse_private_keys': builtin([text], (_ctx, source) =>
    source === '' ? null : parsePrivateKeys(source),
  ),
} satisfies Readonly<Record<string, BuiltinFunction>>;
