/**
 * `crypto.x509.*` and `crypto.parse_private_keys`: parsing, and verification of a chain given root first and leaf last. The time of
 * verification is an option or the decision's own. OPA topdown/crypto.go.
 */
import { createPrivateKey, createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';
import { bytesOf } from '../value/bytes.ts';
import { type BuiltinFault, builtinError, isFault } from '../value/fault.ts';
import { RegoObject } from '../value/object.ts';
import { fromPlain } from '../value/plain.ts';
import type { Value } from '../value/value.ts';
import { readVerifyOptions, verifyChain } from './certificate-chain.ts';
import { privateKeyValue } from './certificate-keys.ts';
import { certificateValue, extendedCertificateValue, requestValue } from './certificate-value.ts';
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

/** Blocks whose body is no base64 are passed over. */
function readPemBlocks(source: string): PemBlock[] {
  const blocks = source.matchAll(/-----BEGIN ([A-Z0-9 ]+)-----([\s\S]*?)-----END \1-----/g);
  return [...blocks].flatMap(([whole, type = '', body = '']) => {
    const text = body.replace(/^[\w-]+:.*$/gm, '').replace(/[ \t\r\n]/g, '');
    const isEncoded = text.length % 4 === 0 && /^[A-Za-z\d+/]*={0,2}$/.test(text);
    return isEncoded ? [{ type, text: whole, bytes: Buffer.from(text, 'base64') }] : [];
  });
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

function parseAndVerify(ctx: BuiltinContext, source: string, options: RegoObject | undefined) {
  const certificates = parseCertificates(source);
  if (isFault(certificates)) return [false, []];
  const read = readVerifyOptions(ctx.nowNs, options ?? RegoObject.EMPTY);
  if (isFault(read)) return read;
  const chain = verifyChain(certificates, read);
  if (chain === undefined) return [false, []];
  return [true, chain.map(options === undefined ? extendedCertificateValue : certificateValue)];
}

/** Private keys of a PEM text. */
function parsePrivateKeys(source: string): KeyObject[] | BuiltinFault {
  const decoded = decodeBase64(source, 'standard', true);
  const pem = isFault(decoded) ? source : decoded.toString('utf8');
  const keys: KeyObject[] = [];
  for (const block of readPemBlocks(pem)) {
    if (!/^(?:RSA |EC )?PRIVATE KEY$/.test(block.type)) continue;
    try {
      keys.push(createPrivateKey(block.text));
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
    // Compared as bytes: where the types differ, `equals` leaves an error behind that the next key read is refused for.
    if (!publicBytes(createPublicKey(key)).equals(publicBytes(leaf.publicKey))) {
      return builtinError('tls: private key does not match public key');
    }
    return RegoObject.from([
      ['Certificate', certificates.map((certificate) => certificate.raw.toString('base64'))],
      ['PrivateKey', privateKeyValue(key)],
      ['Leaf', certificateValue(leaf)],
      ['OCSPStaple', null],
      ['SignedCertificateTimestamps', null],
      ['SupportedSignatureAlgorithms', null],
    ]);
  } catch {
    // As above.
    return builtinError('tls: failed to parse private key');
  }
}

function publicBytes(key: KeyObject): Buffer {
  return key.export({ format: 'der', type: 'spki' });
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
    return isFault(certificates) ? certificates : certificates.map(extendedCertificateValue);
  }),
  'crypto.x509.parse_and_verify_certificates': builtin([text], (ctx, source) =>
    parseAndVerify(ctx, source, undefined),
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
    if (isFault(keys)) return keys;
    const [key] = keys;
    return key === undefined ? null : fromPlain(key.export({ format: 'jwk' }));
  }),
  'crypto.parse_private_keys': builtin([text], (_ctx, source) => {
    if (source === '') return null;
    const keys = parsePrivateKeys(source);
    return isFault(keys) ? keys : keys.map(privateKeyValue);
  }),
} satisfies Readonly<Record<string, BuiltinFunction>>;
